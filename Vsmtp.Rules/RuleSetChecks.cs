using System.Collections.Immutable;
using System.Net;
using Vsmtp.Vsl;

namespace Vsmtp.Rules;

/// <summary>What can only be seen from rules and listeners together.</summary>
public static class RuleSetChecks
{
    /// <summary>A receiver that no listener serves; a delegator that is a listener of our own.</summary>
    /// <param name="listeners">All addresses on which the server listens.</param>
    public static ImmutableArray<Diagnostic> Check(RuleSet set, IReadOnlyList<IPEndPoint> listeners) =>
        throw new NotImplementedException();
}
