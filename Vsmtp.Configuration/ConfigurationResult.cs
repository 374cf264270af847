using System.Collections.Immutable;

namespace Vsmtp.Configuration;

/// <summary>What reading gave.</summary>
/// <param name="Configuration">Null when one of the faults is an error.</param>
/// <param name="Faults">All errors and warnings, in the order of the file.</param>
public sealed record ConfigurationResult(VsmtpConfiguration? Configuration, ImmutableArray<ConfigurationFault> Faults)
{
    /// <summary>
    /// What could be read, with the usual values in place of what could not: to look for further faults with, never to serve with.
    /// Null: the file could not be read at all.
    /// </summary>
    public VsmtpConfiguration? Draft { get; init; }
}
