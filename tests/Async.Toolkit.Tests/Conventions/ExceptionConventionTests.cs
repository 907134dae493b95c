using Xunit;
using static Async.Toolkit.Tests.Conventions.PublicSurface;

namespace Async.Toolkit.Tests.Conventions;

/// <summary>The exceptions of the library are made as those of .NET are.</summary>
public sealed class ExceptionConventionTests
{
    public static TheoryData<Type> Exceptions => [.. Types.Where(static type => typeof(Exception).IsAssignableFrom(type))];

    [Theory]
    [MemberData(nameof(Exceptions))]
    public void An_exception_says_what_it_is_about_and_keeps_what_it_is_given(Type type)
    {
        var cause = new InvalidOperationException();
        Exception plain = Make(type);
        Exception told = Make(type, "what is wrong");
        Exception caused = Make(type, "what is wrong", cause);

        // Neither nothing, nor what the base class says of itself where it is told nothing.
        Assert.Matches(@"\w+ \w+", plain.Message);
        Assert.DoesNotContain(type.Name, plain.Message, StringComparison.Ordinal);
        Assert.Null(plain.InnerException);
        Assert.Equal("what is wrong", told.Message);
        Assert.Null(told.InnerException);
        Assert.Equal("what is wrong", caused.Message);
        Assert.Same(cause, caused.InnerException);
    }

    private static Exception Make(Type type, params object[] arguments) => (Exception)Activator.CreateInstance(type, arguments)!;
}
