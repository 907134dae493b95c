namespace Async.Toolkit;

/// <summary>In which order <c>Gather.StreamAsync</c> yields its results.</summary>
public enum StreamOrder
{
    /// <summary>In the order of the source: a slow item holds back the results of the ones behind it. The default.</summary>
    Source,

    /// <summary>As they are finished.</summary>
    Completion,
}
