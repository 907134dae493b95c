namespace Harvest.Output;

/// <summary>An output cannot be gone on with, or not be begun; nothing of it has been touched.</summary>
internal sealed class ResumeException(string message) : Exception(message);
