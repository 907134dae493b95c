using Xunit;

namespace Async.Toolkit.Tests.Conventions;

internal static class Offences
{
    /// <summary>Fails with every offence on a line of its own: a cut-off list would be worked off one build at a time.</summary>
    public static void AssertNone(IEnumerable<string> offences)
    {
        string[] all = [.. offences.Distinct()];
        if (all.Length > 0)
        {
            Assert.Fail(string.Join(Environment.NewLine, all));
        }
    }
}
