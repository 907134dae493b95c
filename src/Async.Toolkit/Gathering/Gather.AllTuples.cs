using System.Runtime.CompilerServices;
using Async.Toolkit.Gathering;
using Async.Toolkit.Groups;
using Async.Toolkit.Internal;

namespace Async.Toolkit;

public static partial class Gather
{
    /// <summary>Runs operations of different types at once and gives their results as a tuple.</summary>
    /// <remarks>
    /// All start at once, on the thread pool. The first failure cancels the others; when all have ended, <see langword="await"/> throws it, and the task's
    /// <see cref="AggregateException.InnerExceptions"/> hold all failures in order of occurrence. If every operation succeeded all the same, the results are given even
    /// though a cancellation struck meanwhile. The delegates are all of one kind: where some give a <see cref="Task{TResult}"/> and others a
    /// <see cref="ValueTask{TResult}"/>, write <c>async ct => await …</c>.
    /// </remarks>
    /// <typeparam name="T1">The type of the first result.</typeparam>
    /// <typeparam name="T2">The type of the second result.</typeparam>
    /// <param name="first">The first operation; gets the token that is canceled as soon as the call ends early.</param>
    /// <param name="second">The second operation; gets the token that is canceled as soon as the call ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <returns>A task that ends when nothing of the call runs any more, with all results.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="first"/> or <paramref name="second"/> is <see langword="null"/>; thrown at once.</exception>
    /// <exception cref="OperationCanceledException">On <see langword="await"/>: <paramref name="cancellationToken"/> was canceled and left work undone; it carries that token.</exception>
    /// <exception cref="ChildCanceledException">On <see langword="await"/>: an operation ended with a cancellation that nobody had asked for.</exception>
    [OverloadResolutionPriority(1)]
    public static Task<(T1, T2)> AllAsync<T1, T2>(Func<CancellationToken, ValueTask<T1>> first, Func<CancellationToken, ValueTask<T2>> second, CancellationToken cancellationToken = default)
    {
        var part1 = new TupleOperation<T1>(new ValueTaskOperation<CancellationToken, T1>(first ?? throw new ArgumentNullException(nameof(first))), 1);
        var part2 = new TupleOperation<T2>(new ValueTaskOperation<CancellationToken, T2>(second ?? throw new ArgumentNullException(nameof(second))), 2);
        return TupleRun<(T1, T2)>.Start(() => (part1.Result, part2.Result), [part1, part2], cancellationToken);
    }

    /// <inheritdoc cref="AllAsync{T1, T2}(Func{CancellationToken, ValueTask{T1}}, Func{CancellationToken, ValueTask{T2}}, CancellationToken)"/>
    public static Task<(T1, T2)> AllAsync<T1, T2>(Func<CancellationToken, Task<T1>> first, Func<CancellationToken, Task<T2>> second, CancellationToken cancellationToken = default)
    {
        var part1 = new TupleOperation<T1>(new NumberedTaskOperation<T1>(first ?? throw new ArgumentNullException(nameof(first)), 1), 1);
        var part2 = new TupleOperation<T2>(new NumberedTaskOperation<T2>(second ?? throw new ArgumentNullException(nameof(second)), 2), 2);
        return TupleRun<(T1, T2)>.Start(() => (part1.Result, part2.Result), [part1, part2], cancellationToken);
    }

    /// <typeparam name="T1">The type of the first result.</typeparam>
    /// <typeparam name="T2">The type of the second result.</typeparam>
    /// <typeparam name="T3">The type of the third result.</typeparam>
    /// <param name="first">The first operation; gets the token that is canceled as soon as the call ends early.</param>
    /// <param name="second">The second operation; gets the token that is canceled as soon as the call ends early.</param>
    /// <param name="third">The third operation; gets the token that is canceled as soon as the call ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="first"/>, <paramref name="second"/> or <paramref name="third"/> is <see langword="null"/>; thrown at once.</exception>
    /// <inheritdoc cref="AllAsync{T1, T2}(Func{CancellationToken, ValueTask{T1}}, Func{CancellationToken, ValueTask{T2}}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task<(T1, T2, T3)> AllAsync<T1, T2, T3>(Func<CancellationToken, ValueTask<T1>> first, Func<CancellationToken, ValueTask<T2>> second, Func<CancellationToken, ValueTask<T3>> third, CancellationToken cancellationToken = default)
    {
        var part1 = new TupleOperation<T1>(new ValueTaskOperation<CancellationToken, T1>(first ?? throw new ArgumentNullException(nameof(first))), 1);
        var part2 = new TupleOperation<T2>(new ValueTaskOperation<CancellationToken, T2>(second ?? throw new ArgumentNullException(nameof(second))), 2);
        var part3 = new TupleOperation<T3>(new ValueTaskOperation<CancellationToken, T3>(third ?? throw new ArgumentNullException(nameof(third))), 3);
        return TupleRun<(T1, T2, T3)>.Start(() => (part1.Result, part2.Result, part3.Result), [part1, part2, part3], cancellationToken);
    }

    /// <inheritdoc cref="AllAsync{T1, T2, T3}(Func{CancellationToken, ValueTask{T1}}, Func{CancellationToken, ValueTask{T2}}, Func{CancellationToken, ValueTask{T3}}, CancellationToken)"/>
    public static Task<(T1, T2, T3)> AllAsync<T1, T2, T3>(Func<CancellationToken, Task<T1>> first, Func<CancellationToken, Task<T2>> second, Func<CancellationToken, Task<T3>> third, CancellationToken cancellationToken = default)
    {
        var part1 = new TupleOperation<T1>(new NumberedTaskOperation<T1>(first ?? throw new ArgumentNullException(nameof(first)), 1), 1);
        var part2 = new TupleOperation<T2>(new NumberedTaskOperation<T2>(second ?? throw new ArgumentNullException(nameof(second)), 2), 2);
        var part3 = new TupleOperation<T3>(new NumberedTaskOperation<T3>(third ?? throw new ArgumentNullException(nameof(third)), 3), 3);
        return TupleRun<(T1, T2, T3)>.Start(() => (part1.Result, part2.Result, part3.Result), [part1, part2, part3], cancellationToken);
    }

    /// <typeparam name="T1">The type of the first result.</typeparam>
    /// <typeparam name="T2">The type of the second result.</typeparam>
    /// <typeparam name="T3">The type of the third result.</typeparam>
    /// <typeparam name="T4">The type of the fourth result.</typeparam>
    /// <param name="first">The first operation; gets the token that is canceled as soon as the call ends early.</param>
    /// <param name="second">The second operation; gets the token that is canceled as soon as the call ends early.</param>
    /// <param name="third">The third operation; gets the token that is canceled as soon as the call ends early.</param>
    /// <param name="fourth">The fourth operation; gets the token that is canceled as soon as the call ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="first"/>, <paramref name="second"/>, <paramref name="third"/> or <paramref name="fourth"/> is <see langword="null"/>; thrown at once.</exception>
    /// <inheritdoc cref="AllAsync{T1, T2}(Func{CancellationToken, ValueTask{T1}}, Func{CancellationToken, ValueTask{T2}}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task<(T1, T2, T3, T4)> AllAsync<T1, T2, T3, T4>(Func<CancellationToken, ValueTask<T1>> first, Func<CancellationToken, ValueTask<T2>> second, Func<CancellationToken, ValueTask<T3>> third, Func<CancellationToken, ValueTask<T4>> fourth, CancellationToken cancellationToken = default)
    {
        var part1 = new TupleOperation<T1>(new ValueTaskOperation<CancellationToken, T1>(first ?? throw new ArgumentNullException(nameof(first))), 1);
        var part2 = new TupleOperation<T2>(new ValueTaskOperation<CancellationToken, T2>(second ?? throw new ArgumentNullException(nameof(second))), 2);
        var part3 = new TupleOperation<T3>(new ValueTaskOperation<CancellationToken, T3>(third ?? throw new ArgumentNullException(nameof(third))), 3);
        var part4 = new TupleOperation<T4>(new ValueTaskOperation<CancellationToken, T4>(fourth ?? throw new ArgumentNullException(nameof(fourth))), 4);
        return TupleRun<(T1, T2, T3, T4)>.Start(() => (part1.Result, part2.Result, part3.Result, part4.Result), [part1, part2, part3, part4], cancellationToken);
    }

    /// <inheritdoc cref="AllAsync{T1, T2, T3, T4}(Func{CancellationToken, ValueTask{T1}}, Func{CancellationToken, ValueTask{T2}}, Func{CancellationToken, ValueTask{T3}}, Func{CancellationToken, ValueTask{T4}}, CancellationToken)"/>
    public static Task<(T1, T2, T3, T4)> AllAsync<T1, T2, T3, T4>(Func<CancellationToken, Task<T1>> first, Func<CancellationToken, Task<T2>> second, Func<CancellationToken, Task<T3>> third, Func<CancellationToken, Task<T4>> fourth, CancellationToken cancellationToken = default)
    {
        var part1 = new TupleOperation<T1>(new NumberedTaskOperation<T1>(first ?? throw new ArgumentNullException(nameof(first)), 1), 1);
        var part2 = new TupleOperation<T2>(new NumberedTaskOperation<T2>(second ?? throw new ArgumentNullException(nameof(second)), 2), 2);
        var part3 = new TupleOperation<T3>(new NumberedTaskOperation<T3>(third ?? throw new ArgumentNullException(nameof(third)), 3), 3);
        var part4 = new TupleOperation<T4>(new NumberedTaskOperation<T4>(fourth ?? throw new ArgumentNullException(nameof(fourth)), 4), 4);
        return TupleRun<(T1, T2, T3, T4)>.Start(() => (part1.Result, part2.Result, part3.Result, part4.Result), [part1, part2, part3, part4], cancellationToken);
    }

    /// <typeparam name="T1">The type of the first result.</typeparam>
    /// <typeparam name="T2">The type of the second result.</typeparam>
    /// <typeparam name="T3">The type of the third result.</typeparam>
    /// <typeparam name="T4">The type of the fourth result.</typeparam>
    /// <typeparam name="T5">The type of the fifth result.</typeparam>
    /// <param name="first">The first operation; gets the token that is canceled as soon as the call ends early.</param>
    /// <param name="second">The second operation; gets the token that is canceled as soon as the call ends early.</param>
    /// <param name="third">The third operation; gets the token that is canceled as soon as the call ends early.</param>
    /// <param name="fourth">The fourth operation; gets the token that is canceled as soon as the call ends early.</param>
    /// <param name="fifth">The fifth operation; gets the token that is canceled as soon as the call ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="first"/>, <paramref name="second"/>, <paramref name="third"/>, <paramref name="fourth"/> or <paramref name="fifth"/> is <see langword="null"/>; thrown at once.</exception>
    /// <inheritdoc cref="AllAsync{T1, T2}(Func{CancellationToken, ValueTask{T1}}, Func{CancellationToken, ValueTask{T2}}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task<(T1, T2, T3, T4, T5)> AllAsync<T1, T2, T3, T4, T5>(Func<CancellationToken, ValueTask<T1>> first, Func<CancellationToken, ValueTask<T2>> second, Func<CancellationToken, ValueTask<T3>> third, Func<CancellationToken, ValueTask<T4>> fourth, Func<CancellationToken, ValueTask<T5>> fifth, CancellationToken cancellationToken = default)
    {
        var part1 = new TupleOperation<T1>(new ValueTaskOperation<CancellationToken, T1>(first ?? throw new ArgumentNullException(nameof(first))), 1);
        var part2 = new TupleOperation<T2>(new ValueTaskOperation<CancellationToken, T2>(second ?? throw new ArgumentNullException(nameof(second))), 2);
        var part3 = new TupleOperation<T3>(new ValueTaskOperation<CancellationToken, T3>(third ?? throw new ArgumentNullException(nameof(third))), 3);
        var part4 = new TupleOperation<T4>(new ValueTaskOperation<CancellationToken, T4>(fourth ?? throw new ArgumentNullException(nameof(fourth))), 4);
        var part5 = new TupleOperation<T5>(new ValueTaskOperation<CancellationToken, T5>(fifth ?? throw new ArgumentNullException(nameof(fifth))), 5);
        return TupleRun<(T1, T2, T3, T4, T5)>.Start(() => (part1.Result, part2.Result, part3.Result, part4.Result, part5.Result), [part1, part2, part3, part4, part5], cancellationToken);
    }

    /// <inheritdoc cref="AllAsync{T1, T2, T3, T4, T5}(Func{CancellationToken, ValueTask{T1}}, Func{CancellationToken, ValueTask{T2}}, Func{CancellationToken, ValueTask{T3}}, Func{CancellationToken, ValueTask{T4}}, Func{CancellationToken, ValueTask{T5}}, CancellationToken)"/>
    public static Task<(T1, T2, T3, T4, T5)> AllAsync<T1, T2, T3, T4, T5>(Func<CancellationToken, Task<T1>> first, Func<CancellationToken, Task<T2>> second, Func<CancellationToken, Task<T3>> third, Func<CancellationToken, Task<T4>> fourth, Func<CancellationToken, Task<T5>> fifth, CancellationToken cancellationToken = default)
    {
        var part1 = new TupleOperation<T1>(new NumberedTaskOperation<T1>(first ?? throw new ArgumentNullException(nameof(first)), 1), 1);
        var part2 = new TupleOperation<T2>(new NumberedTaskOperation<T2>(second ?? throw new ArgumentNullException(nameof(second)), 2), 2);
        var part3 = new TupleOperation<T3>(new NumberedTaskOperation<T3>(third ?? throw new ArgumentNullException(nameof(third)), 3), 3);
        var part4 = new TupleOperation<T4>(new NumberedTaskOperation<T4>(fourth ?? throw new ArgumentNullException(nameof(fourth)), 4), 4);
        var part5 = new TupleOperation<T5>(new NumberedTaskOperation<T5>(fifth ?? throw new ArgumentNullException(nameof(fifth)), 5), 5);
        return TupleRun<(T1, T2, T3, T4, T5)>.Start(() => (part1.Result, part2.Result, part3.Result, part4.Result, part5.Result), [part1, part2, part3, part4, part5], cancellationToken);
    }

    /// <typeparam name="T1">The type of the first result.</typeparam>
    /// <typeparam name="T2">The type of the second result.</typeparam>
    /// <typeparam name="T3">The type of the third result.</typeparam>
    /// <typeparam name="T4">The type of the fourth result.</typeparam>
    /// <typeparam name="T5">The type of the fifth result.</typeparam>
    /// <typeparam name="T6">The type of the sixth result.</typeparam>
    /// <param name="first">The first operation; gets the token that is canceled as soon as the call ends early.</param>
    /// <param name="second">The second operation; gets the token that is canceled as soon as the call ends early.</param>
    /// <param name="third">The third operation; gets the token that is canceled as soon as the call ends early.</param>
    /// <param name="fourth">The fourth operation; gets the token that is canceled as soon as the call ends early.</param>
    /// <param name="fifth">The fifth operation; gets the token that is canceled as soon as the call ends early.</param>
    /// <param name="sixth">The sixth operation; gets the token that is canceled as soon as the call ends early.</param>
    /// <param name="cancellationToken">Cancels the call. Canceled already, it starts nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="first"/>, <paramref name="second"/>, <paramref name="third"/>, <paramref name="fourth"/>, <paramref name="fifth"/> or <paramref name="sixth"/> is <see langword="null"/>; thrown at once.</exception>
    /// <inheritdoc cref="AllAsync{T1, T2}(Func{CancellationToken, ValueTask{T1}}, Func{CancellationToken, ValueTask{T2}}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task<(T1, T2, T3, T4, T5, T6)> AllAsync<T1, T2, T3, T4, T5, T6>(Func<CancellationToken, ValueTask<T1>> first, Func<CancellationToken, ValueTask<T2>> second, Func<CancellationToken, ValueTask<T3>> third, Func<CancellationToken, ValueTask<T4>> fourth, Func<CancellationToken, ValueTask<T5>> fifth, Func<CancellationToken, ValueTask<T6>> sixth, CancellationToken cancellationToken = default)
    {
        var part1 = new TupleOperation<T1>(new ValueTaskOperation<CancellationToken, T1>(first ?? throw new ArgumentNullException(nameof(first))), 1);
        var part2 = new TupleOperation<T2>(new ValueTaskOperation<CancellationToken, T2>(second ?? throw new ArgumentNullException(nameof(second))), 2);
        var part3 = new TupleOperation<T3>(new ValueTaskOperation<CancellationToken, T3>(third ?? throw new ArgumentNullException(nameof(third))), 3);
        var part4 = new TupleOperation<T4>(new ValueTaskOperation<CancellationToken, T4>(fourth ?? throw new ArgumentNullException(nameof(fourth))), 4);
        var part5 = new TupleOperation<T5>(new ValueTaskOperation<CancellationToken, T5>(fifth ?? throw new ArgumentNullException(nameof(fifth))), 5);
        var part6 = new TupleOperation<T6>(new ValueTaskOperation<CancellationToken, T6>(sixth ?? throw new ArgumentNullException(nameof(sixth))), 6);
        return TupleRun<(T1, T2, T3, T4, T5, T6)>.Start(() => (part1.Result, part2.Result, part3.Result, part4.Result, part5.Result, part6.Result), [part1, part2, part3, part4, part5, part6], cancellationToken);
    }

    /// <inheritdoc cref="AllAsync{T1, T2, T3, T4, T5, T6}(Func{CancellationToken, ValueTask{T1}}, Func{CancellationToken, ValueTask{T2}}, Func{CancellationToken, ValueTask{T3}}, Func{CancellationToken, ValueTask{T4}}, Func{CancellationToken, ValueTask{T5}}, Func{CancellationToken, ValueTask{T6}}, CancellationToken)"/>
    public static Task<(T1, T2, T3, T4, T5, T6)> AllAsync<T1, T2, T3, T4, T5, T6>(Func<CancellationToken, Task<T1>> first, Func<CancellationToken, Task<T2>> second, Func<CancellationToken, Task<T3>> third, Func<CancellationToken, Task<T4>> fourth, Func<CancellationToken, Task<T5>> fifth, Func<CancellationToken, Task<T6>> sixth, CancellationToken cancellationToken = default)
    {
        var part1 = new TupleOperation<T1>(new NumberedTaskOperation<T1>(first ?? throw new ArgumentNullException(nameof(first)), 1), 1);
        var part2 = new TupleOperation<T2>(new NumberedTaskOperation<T2>(second ?? throw new ArgumentNullException(nameof(second)), 2), 2);
        var part3 = new TupleOperation<T3>(new NumberedTaskOperation<T3>(third ?? throw new ArgumentNullException(nameof(third)), 3), 3);
        var part4 = new TupleOperation<T4>(new NumberedTaskOperation<T4>(fourth ?? throw new ArgumentNullException(nameof(fourth)), 4), 4);
        var part5 = new TupleOperation<T5>(new NumberedTaskOperation<T5>(fifth ?? throw new ArgumentNullException(nameof(fifth)), 5), 5);
        var part6 = new TupleOperation<T6>(new NumberedTaskOperation<T6>(sixth ?? throw new ArgumentNullException(nameof(sixth)), 6), 6);
        return TupleRun<(T1, T2, T3, T4, T5, T6)>.Start(() => (part1.Result, part2.Result, part3.Result, part4.Result, part5.Result, part6.Result), [part1, part2, part3, part4, part5, part6], cancellationToken);
    }
}
