using System.Collections;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>Configuration as script values: <c>toml::server</c> and <c>toml::app</c>, in 2.x <c>cfg::server</c> and <c>cfg::app</c>.</summary>
internal static class ConfigurationTree
{
    public static Action<NativeModuleBuilder> Of(RuleSetOptions options)
    {
        var (server, app) = (ToValue(options.Server), ToValue(options.App));
        return module => module.Constant("server", server).Constant("app", app);
    }

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
