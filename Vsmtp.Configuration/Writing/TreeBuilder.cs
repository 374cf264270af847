using System.Net;
using Vsmtp.Configuration.Reading;

namespace Vsmtp.Configuration.Writing;

/// <summary>Makes a map of plain values; what is null is left out.</summary>
internal sealed class TreeBuilder
{
    private readonly OrderedDictionary<string, object?> _values = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, object?> Build() => _values;

    public TreeBuilder Add(string key, string? value) => AddPlain(key, value);

    public TreeBuilder Add(string key, bool value) => AddPlain(key, value);

    public TreeBuilder Add(string key, long value) => AddPlain(key, value);

    public TreeBuilder Add(string key, TimeSpan value) => AddPlain(key, HumanDuration.Format(value));

    /// <summary>A limit; none is -1.</summary>
    public TreeBuilder AddLimit(string key, int? value) => AddPlain(key, (long)(value ?? -1));

    public TreeBuilder Add(string key, IEnumerable<string> values) => AddPlain(key, values.ToArray<object?>());

    public TreeBuilder Add(string key, IEnumerable<IPEndPoint> values) => Add(key, values.Select(v => v.ToString()));

    public TreeBuilder Add(string key, TreeBuilder? table) => AddPlain(key, table?._values);

    private TreeBuilder AddPlain(string key, object? value)
    {
        if (value is not null)
        {
            _values.Add(key, value);
        }

        return this;
    }
}
