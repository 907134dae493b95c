namespace Async.Toolkit.Tests.Pages;

public sealed class CursorPagingTests() : PagingContract(ahead: 0)
{
    internal override PageSequence<int> Sequence(PageServer server) => Styles.ByCursor(server);
}

public sealed class CursorPagingAheadTests() : PagingContract(ahead: 2)
{
    internal override PageSequence<int> Sequence(PageServer server) => Styles.ByCursor(server).Prefetch(2);
}

public sealed class LinkPagingTests() : PagingContract(ahead: 0)
{
    internal override PageSequence<int> Sequence(PageServer server) => Styles.ByLink(server);
}

public sealed class LinkPagingAheadTests() : PagingContract(ahead: 1)
{
    internal override PageSequence<int> Sequence(PageServer server) => Styles.ByLink(server).Prefetch(1);
}

public sealed class PageNumberPagingTests() : PagingContract(ahead: 0)
{
    internal override PageSequence<int> Sequence(PageServer server) => Styles.ByPageNumber(server);
}

public sealed class PageNumberPagingAheadTests() : PagingContract(ahead: 3)
{
    internal override PageSequence<int> Sequence(PageServer server) => Styles.ByPageNumber(server).Prefetch(3);
}

public sealed class PageNumberPagingSeveralTests() : PagingContract(ahead: 4)
{
    internal override PageSequence<int> Sequence(PageServer server) => Styles.ByPageNumber(server).Concurrency(4);
}

public sealed class OffsetPagingTests() : PagingContract(ahead: 0)
{
    internal override PageSequence<int> Sequence(PageServer server) => Styles.ByOffset(server);
}

public sealed class OffsetPagingAheadTests() : PagingContract(ahead: 2)
{
    internal override PageSequence<int> Sequence(PageServer server) => Styles.ByOffset(server).Prefetch(2);
}

public sealed class OffsetPagingSeveralTests() : PagingContract(ahead: 2)
{
    internal override PageSequence<int> Sequence(PageServer server) => Styles.ByOffset(server).Concurrency(2);
}
