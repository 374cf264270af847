using Vsmtp.Configuration.Options;
using Vsmtp.Configuration.Toml;

namespace Vsmtp.Configuration.Reading;

/// <summary>Reads <c>[server.storage]</c>.</summary>
internal static class StorageReader
{
    public const string Variable = "VSMTP_STORAGE_URL";

    /// <param name="variable">The value of <see cref="Variable"/>; null: not set. It goes before the file, and <c>--set</c> before it.</param>
    /// <param name="messageSizeLimit">A message of that size comes in, and goes to a service and comes back: two of them are to have room.</param>
    public static StorageOptions Read(TableReader storage, QueueOptions queues, string? variable, long messageSizeLimit)
    {
        var value = storage.Find("url");
        var url = ReadUrl(storage, value);
        if (variable is not null && value?.Mark.Source.SetValue is null)
        {
            url = ReadVariable(storage, variable) ?? url;
        }

        var least = Math.Max(StorageOptions.LeastFreeSpace, messageSizeLimit <= long.MaxValue / 2 ? messageSizeLimit * 2 : messageSizeLimit);
        var freeSpace = storage.Long("free_space_min", least, 0, long.MaxValue);
        storage.Close();
        return new() { Url = url ?? new StorageUrl.Sqlite(Path.Combine(queues.DirPath, "vsmtp.db")), FreeSpaceMin = freeSpace };
    }

    private static StorageUrl? ReadUrl(TableReader storage, TomlValue? value)
    {
        if (value is null)
        {
            return null;
        }

        if ((value as TomlString)?.Value is not { } text)
        {
            storage.Context.Error(WithoutLine(value), $"{storage.NameOf("url")} must be a string, not {value.TypeName}");
            return null;
        }

        var (url, fault) = StorageUrlParser.Parse(text, storage.Context.Resolve);
        if (fault is not null)
        {
            storage.Context.Error(WithoutLine(value), $"{storage.NameOf("url")} {fault}");
        }

        return url;
    }

    private static StorageUrl? ReadVariable(TableReader storage, string variable)
    {
        var place = new SourcePlace(Variable, 0, 0, null);
        var (url, fault) = StorageUrlParser.Parse(variable, storage.Context.Resolve);
        if (fault is not null)
        {
            storage.Context.Error(place, $"{storage.NameOf("url")} {fault}");
        }

        return url;
    }

    // What is no good URL may still hold a password, at a place that no mask knows.
    private static SourcePlace WithoutLine(TomlValue value) => value.Mark.Place with { SourceLine = null };
}
