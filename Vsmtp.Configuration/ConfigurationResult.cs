using System.Collections.Immutable;

namespace Vsmtp.Configuration;

/// <summary>What reading gave.</summary>
/// <param name="Configuration">Null when one of the faults is an error.</param>
/// <param name="Faults">All errors and warnings, in the order of the file.</param>
public sealed record ConfigurationResult(VsmtpConfiguration? Configuration, ImmutableArray<ConfigurationFault> Faults);
