using System.Collections;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>Configuration as script values: <c>toml::server</c> and <c>toml::app</c>.</summary>
internal static class ConfigurationTree
{
    public static void Register(ScriptHostBuilder host, RuleSetOptions options) =>
        host.Module("toml", toml => toml.Constant("server", ToValue(options.Server)).Constant("app", ToValue(options.App)));

    private static Value ToValue(object? node) => node switch
    {
        null => Value.Unit,
        bool flag => flag,
        int number => number,
        long number => number,
        double number => number,
        string text => text,
        IReadOnlyDictionary<string, object?> table => new VslMap(table.Select(e => KeyValuePair.Create(e.Key, ToValue(e.Value)))),
        IEnumerable items => new VslArray(items.Cast<object?>().Select(ToValue)),
        IFormattable other => other.ToString(null, null),
        _ => node.ToString() ?? "",
    };
}
