using Harvest.Command;

return await HarvestCommand.RunAsync(args);
