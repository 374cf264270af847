using Orleans;
using Orleans.Concurrency;

namespace Vsmtp.GrainHost.Contract.Grains;

/// <summary>Shows when turns interleave: every count is read, awaited over and written back.</summary>
[Alias("test.counter")]
public interface ICounterGrain : IGrainWithStringKey
{
    /// <summary>Which activation answers: a number that no other has.</summary>
    [Alias("activation")]
    Task<int> Activation();

    /// <summary>Adds one over an await; loses counts if calls interleave.</summary>
    [Alias("add-slowly")]
    Task<int> AddSlowly();

    [Alias("value")]
    ValueTask<int> Value();

    /// <summary>Runs even while <see cref="WaitFor"/> waits.</summary>
    [Alias("peek"), AlwaysInterleave]
    Task<int> Peek();

    /// <summary>Waits until the test opens the gate.</summary>
    [Alias("wait-for")]
    Task WaitFor(string gate);

    /// <summary>As <see cref="WaitFor"/>, together with others of its kind.</summary>
    [Alias("read-during"), ReadOnly]
    Task ReadDuring(string gate);

    /// <summary>Awaits in all ways that code awaits; says of each whether it came back to the activation.</summary>
    [Alias("come-back")]
    Task<string> ComeBack();

    [Alias("fail")]
    Task Fail(string text);

    [Alias("fail-at-once")]
    Task FailAtOnce(string text);

    [Alias("fail-one-way"), OneWay]
    Task FailOneWay();

    [Alias("tell-later"), OneWay]
    Task TellLater(string gate, string what);

    [Alias("wait-briefly"), ResponseTimeout("00:00:00.200")]
    Task WaitBriefly(string gate);

    [Alias("end")]
    Task End();

    /// <summary>Through another grain and back to this one, which interleaves.</summary>
    [Alias("round")]
    Task<int> Round(string otherKey);

    [Alias("ask")]
    Task<int> Ask(string key);

    /// <summary>Waits for the gate, then adds one in another grain.</summary>
    [Alias("ask-after")]
    Task<int> AskAfter(string gate, string key);

    [Alias("own-key")]
    Task<string> OwnKey();

    /// <summary>Tells a number and yields; in order of arrival if nothing is overtaken.</summary>
    [Alias("tell")]
    Task Tell(string what);
}
