using Harvest;

return await HarvestCommand.RunAsync(args);
