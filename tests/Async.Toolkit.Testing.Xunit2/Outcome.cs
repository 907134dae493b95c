using Xunit.Abstractions;

namespace Async.Toolkit.Testing.Xunit2;

/// <summary>Counts the tests, and waits for the last one.</summary>
internal sealed class Outcome : Xunit.LongLivedMarshalByRefObject, IMessageSink, IDisposable
{
    private readonly ManualResetEventSlim _ended = new();
    private int _passed;
    private int _failed;

    public bool OnMessage(IMessageSinkMessage message)
    {
        switch (message)
        {
            case ITestPassed:
                Interlocked.Increment(ref _passed);
                break;
            case ITestFailed failed:
                Interlocked.Increment(ref _failed);
                Console.WriteLine($"{failed.Test.DisplayName}: {string.Join(Environment.NewLine, failed.Messages)}");
                break;
            case IErrorMessage error:
                Interlocked.Increment(ref _failed);
                Console.WriteLine(string.Join(Environment.NewLine, error.Messages));
                break;
            case ITestAssemblyFinished:
                _ended.Set();
                break;
        }

        return true;
    }

    public int Wait()
    {
        _ended.Wait();
        Console.WriteLine($"{_passed} passed, {_failed} failed");
        return _failed;
    }

    public void Dispose() => _ended.Dispose();
}
