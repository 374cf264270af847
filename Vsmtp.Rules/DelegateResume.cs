using System.Collections.Immutable;

namespace Vsmtp.Rules;

/// <summary>With what a stage goes on that sleeps at a delegate.</summary>
/// <param name="Directive">The name of the delegate.</param>
/// <param name="Visit">The visit whose end is to be handled now.</param>
public sealed record DelegateResume(string Directive, DelegateVisit Visit)
{
    /// <summary>Visits of the same directive whose handlers have run, in that order.</summary>
    public ImmutableArray<DelegateVisit> Earlier { get; init; } = [];

    /// <summary>Other visits of the directive have no outcome yet, or one whose handler is to run after this.</summary>
    public bool AwaitsOthers { get; init; }

    /// <summary>An earlier handler of the directive said accept.</summary>
    public bool HasConsent { get; init; }
}
