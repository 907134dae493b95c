namespace Harvest.Client;

/// <summary>How pages are found.</summary>
internal enum PageStyle
{
    /// <summary>By their number.</summary>
    Page,

    /// <summary>By the number of records before them.</summary>
    Offset,

    /// <summary>By the cursor that the page before gave.</summary>
    Cursor,

    /// <summary>By the Link header of the page before.</summary>
    Link,
}
