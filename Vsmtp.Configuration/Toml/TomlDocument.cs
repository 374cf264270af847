using System.Collections.Immutable;

namespace Vsmtp.Configuration.Toml;

/// <summary>What reading gave: with faults, what could be understood.</summary>
internal sealed record TomlDocument(TomlTable Root, ImmutableArray<ConfigurationFault> Faults);
