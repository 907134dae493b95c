namespace Harvest.Command;

/// <summary>What the options alone do not tell.</summary>
internal static class Lesson
{
    public const string Text = """
        What happens:
          1. A real web server starts on 127.0.0.1, on a port that is free. It serves the public types of the running
             .NET runtime as JSON, by namespace and page by page, in the four styles that public APIs have. It takes a
             little time for each answer, now and then much more. It turns away, with 429 and Retry-After, what is more
             than 32 requests at once or 250 in a second, and cuts pages down to 100 records without a word.
          2. All of it is fetched in six ways: one request after another; many at once in a Gather, never more than
             the limit; and page by page in each style. By page and by offset, several pages are asked for at once
             (--concurrency). A cursor and a Link header are only found in the page before: there pages are fetched
             ahead (--prefetch).
          3. Each harvest is compared, record by record, with what the server holds. What the server saw at once, and
             in a second, it has counted itself.
          Every attempt waits for its turn (--rate) and has a time limit (--timeout). It is repeated when the server
          turned it away or was not available, when the connection broke or the time was up: after the time that
          the server asked for, otherwise later each time.
          With --tree, the library itself tells on stderr what runs and what it waits for; stdout stays as it is.

        Examples:
          dotnet run --project samples/Harvest
          dotnet run --project samples/Harvest -- --chaos 0.1 --rate 200 --concurrency 8
              A tenth of the requests fail. Nothing is lost, nothing comes twice.
          dotnet run --project samples/Harvest -- --fail System.IO
              That endpoint answers 500: the gather cancels the requests under way, starts no more of them, and throws
              the original error.
          dotnet run --project samples/Harvest -- --style cursor --page-size 10 --out types.ndjson
          dotnet run --project samples/Harvest -- --style cursor --page-size 10 --out types.ndjson --resume
              Stop the first one with Ctrl+C: the second one goes on behind the last page that was written, and the file
              becomes what it would have become. Until it is complete, types.ndjson.continuation stands beside it.
          dotnet run --project samples/Harvest -- --tree --rate 60
              Every second the task tree: the gather with its items, the loop over the pages, their ages.
          dotnet run --project samples/Harvest -- --url "https://api.github.com/repos/dotnet/runtime/labels?per_page=100" --out labels.ndjson
              The pages of somebody else's API. --serve gives you one to try it on.

        Exit codes: 0 every record harvested, 1 the harvest failed, 2 wrong usage, or a file to resume that is not of
        this run, 130 interrupted with Ctrl+C.
        """;
}
