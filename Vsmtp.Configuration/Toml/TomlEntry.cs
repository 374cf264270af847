namespace Vsmtp.Configuration.Toml;

/// <param name="KeyMark">The last part of the key that made the entry.</param>
internal sealed record TomlEntry(TomlMark KeyMark, TomlValue Value);
