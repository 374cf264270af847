namespace Vsmtp.Configuration.Toml;

/// <summary>Where something begins in its source.</summary>
/// <param name="Index">In UTF-16 units, from 0.</param>
internal readonly record struct TomlMark(TomlSource Source, int Index)
{
    public SourcePlace Place => Source.PlaceAt(Index);
}
