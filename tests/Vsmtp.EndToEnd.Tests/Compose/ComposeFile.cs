using System.Text.RegularExpressions;
using Vsmtp.EndToEnd.Tests.Support;
using YamlDotNet.Serialization;

namespace Vsmtp.EndToEnd.Tests.Compose;

/// <summary>docker-compose.yml, with its variables at their defaults.</summary>
internal sealed partial class ComposeFile
{
    private readonly Dictionary<object, object> _root;

    public ComposeFile()
    {
        Text = File.ReadAllText(Path.Combine(SourceTree.Root, "docker-compose.yml"));
        var filled = Variable().Replace(Text, static use => use.Groups["default"].Success ? use.Groups["default"].Value : "a-secret");
        var yaml = new DeserializerBuilder().Build();
        // Merge keys (<<) are kept by the reader as keys like any other.
        _root = (Dictionary<object, object>)Merged(yaml.Deserialize<object>(filled)!);
    }

    public string Text { get; }

    /// <summary>The range of a network, and the part of it from which Docker takes addresses.</summary>
    public (string Subnet, string Range) NetworkOf(string name)
    {
        var ipam = (Dictionary<object, object>)((Dictionary<object, object>)Map("networks")[name])["ipam"];
        var config = (Dictionary<object, object>)((List<object>)ipam["config"])[0];
        return ((string)config["subnet"], (string)config["ip_range"]);
    }

    public IEnumerable<string> Volumes => Map("volumes").Keys.Select(name => (string)name);

    public IReadOnlyDictionary<string, ComposeService> Services => Map("services")
        .ToDictionary(service => (string)service.Key, service => new ComposeService((Dictionary<object, object>)service.Value));

    /// <summary>Each use of a variable, and what stands behind its colon.</summary>
    public IEnumerable<(string Name, bool HasDefault, bool IsRequired)> Variables => Variable().Matches(Text)
        .Select(use => (use.Groups["name"].Value, use.Groups["default"].Success, use.Groups["must"].Success));

    private Dictionary<object, object> Map(string key) => (Dictionary<object, object>)_root[key];

    private static object Merged(object node)
    {
        switch (node)
        {
            case Dictionary<object, object> map:
                if (map.Remove("<<", out var below))
                    foreach (var (key, value) in (Dictionary<object, object>)Merged(below)) map.TryAdd(key, value);
                foreach (var (key, value) in map.ToArray()) if (value is not null) map[key] = Merged(value);
                return map;
            case List<object> list:
                return list.ConvertAll(Merged);
            default:
                return node;
        }
    }

    [GeneratedRegex(@"\$\{(?<name>\w+)(?::-(?<default>[^}]*)|:\?(?<must>[^}]*))?\}")]
    private static partial Regex Variable();
}

/// <summary>One of its services.</summary>
internal sealed class ComposeService(Dictionary<object, object> keys)
{
    public string Image => (string)keys["image"];

    public string[] Profiles => List("profiles");

    public string[] Command => List("command");

    public string[] Volumes => List("volumes");

    public string[] Ports => List("ports");

    public bool IsOfOurs => Image.StartsWith("vsmtp", StringComparison.Ordinal);

    public string? Dockerfile => keys.GetValueOrDefault("build") is Dictionary<object, object> build ? (string)build["dockerfile"] : null;

    public IEnumerable<string> DependsOn => NamesOf("depends_on");

    public IEnumerable<string> Networks => NamesOf("networks");

    /// <summary>The fixed address in a network; null: whichever Docker gives it.</summary>
    public string? AddressIn(string network) =>
        (keys.GetValueOrDefault("networks") as Dictionary<object, object>)?.GetValueOrDefault(network) is Dictionary<object, object> place
            ? (string?)place.GetValueOrDefault("ipv4_address")
            : null;

    public string Text(string key) => (string)keys[key];

    public string[] Texts(string key) => List(key);

    public string? Environment(string name) =>
        keys.GetValueOrDefault("environment") is Dictionary<object, object> all ? (string?)all.GetValueOrDefault(name) : null;

    public bool Has(string key) => keys.ContainsKey(key);

    private string[] List(string key) => keys.GetValueOrDefault(key) is List<object> list ? [.. list.Cast<string>()] : [];

    private IEnumerable<string> NamesOf(string key) => keys.GetValueOrDefault(key) switch
    {
        Dictionary<object, object> map => map.Keys.Cast<string>(),
        List<object> list => list.Cast<string>(),
        _ => [],
    };
}
