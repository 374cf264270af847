using System.Collections.Immutable;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Running;

/// <summary>Keeps what the conditions of the present directive saw.</summary>
internal sealed class Watcher : IScriptObserver
{
    /// <summary>Of one directive: enough for a reader, and no loop fills the memory.</summary>
    private const int MostKept = 1_000;

    private readonly ImmutableArray<Observation>.Builder _seen = ImmutableArray.CreateBuilder<Observation>();

    public void Saw(Observation observation)
    {
        if (_seen.Count < MostKept) _seen.Add(observation);
    }

    /// <summary>What was seen since the last call.</summary>
    public ImmutableArray<Observation> Take() => _seen.DrainToImmutable();
}
