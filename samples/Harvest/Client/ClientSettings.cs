namespace Harvest.Client;

/// <summary>How hard a client presses a server, and how patient it is.</summary>
/// <param name="Concurrency">How many requests may be under way at once, where there is a choice.</param>
/// <param name="Prefetch">How many pages may be fetched ahead where each is found by the one before it.</param>
/// <param name="PageSize">How many records to ask for in a page.</param>
/// <param name="Rate">How many requests may begin in a second; <see langword="null"/> for any number.</param>
/// <param name="Timeout">How long one attempt may take.</param>
internal sealed record ClientSettings(int Concurrency, int Prefetch, int PageSize, int? Rate, TimeSpan Timeout);
