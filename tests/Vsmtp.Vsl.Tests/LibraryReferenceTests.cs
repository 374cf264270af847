using Vsmtp.Vsl.Library;

namespace Vsmtp.Vsl.Tests;

/// <summary>The words about the standard library are about the functions that there are.</summary>
public sealed class LibraryReferenceTests
{
    private static readonly (char Letter, Kinds Kinds)[] Receivers =
    [
        ('s', Kinds.String), ('a', Kinds.Array), ('m', Kinds.Map), ('n', Kinds.Number), ('i', Kinds.Integer), ('b', Kinds.Blob),
        ('r', Kinds.Range), ('t', Kinds.Timestamp), ('f', Kinds.Function), ('x', Kinds.Any),
    ];

    [Fact]
    public void Every_function_is_described_for_each_receiver_and_count()
    {
        var described = Calls().ToList();

        Assert.All(StandardLibrary.Functions, function => Assert.Contains(described, call => Is(call, function)));
    }

    [Fact]
    public void Every_description_is_of_a_function() =>
        Assert.All(Calls(), call => Assert.Contains(StandardLibrary.Functions, function => Is(call, function)));

    [Fact]
    public void No_call_is_described_twice() =>
        Assert.Distinct(LibraryReference.Groups.SelectMany(group => group.Entries).SelectMany(entry => entry.Calls));

    private static bool Is((Kinds Receiver, string Name, int Count) call, NativeFunction function) =>
        function.Name == call.Name && function.ParameterCount == call.Count
        && (function.ParameterCount == 0 || function.Receivers == Kinds.Any || (function.Receivers & call.Receiver) != 0);

    private static IEnumerable<(Kinds Receiver, string Name, int Count)> Calls() =>
        LibraryReference.Groups.SelectMany(group => group.Entries).SelectMany(entry => entry.Calls).Select(Read);

    /// <summary>As <c>s.index_of(t, start)</c>: the string function of three parameters, its receiver the first.</summary>
    private static (Kinds Receiver, string Name, int Count) Read(string call)
    {
        var hasReceiver = call[1] == '.';
        var open = call.IndexOf('(', StringComparison.Ordinal);
        var written = call[(open + 1)..call.IndexOf(')', StringComparison.Ordinal)];
        var count = written == "…" ? NativeFunction.AnyCount
            : (hasReceiver ? 1 : 0) + written.Split(", ", StringSplitOptions.RemoveEmptyEntries).Length;
        return (hasReceiver ? Receivers.First(r => r.Letter == call[0]).Kinds : Kinds.Any, call[(hasReceiver ? 2 : 0)..open], count);
    }
}
