using System.Collections.Immutable;
using Vsmtp.Rules.Services;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Loading;

/// <summary>What stands after <c>delegate</c>: a service, or an array of services that are asked at once.</summary>
internal static class DelegateServices
{
    /// <summary>More at once are no site's; each is a conversation and a part of the mail's state.</summary>
    private const int MaxServices = 8;

    /// <summary>Those that are services; what is none is told by <see cref="Check"/>.</summary>
    public static ImmutableArray<string> NamesOf(Directive directive) =>
        [.. Values(directive).Select(value => value.TryAsHost<ServiceObject>(out var service) ? service.Name : null).OfType<string>()];

    /// <param name="report">Takes what is wrong and where.</param>
    public static void Check(Stage stage, Directive directive, Action<string, SourceSpan> report)
    {
        var values = Values(directive);
        if (values.Count == 0) Report(": it names no service", directive.Span);
        if (values.Count > MaxServices) Report($": at most {MaxServices} services are asked at once, and it names {values.Count}", directive.Span);
        var names = new HashSet<string>();
        foreach (var (index, value) in values.Index())
        {
            var span = index < directive.ServiceSpans.Count ? directive.ServiceSpans[index] : directive.Span;
            if (Fault(stage, value, isOneOfSeveral: values.Count > 1) is { } fault) Report(fault, span);
            else if (!names.Add(((ServiceObject)value.AsHost()).Name)) Report($" names the service `{((ServiceObject)value.AsHost()).Name}` twice", span);
        }

        void Report(string message, SourceSpan span) => report(directive.ToText() + message, span);
    }

    private static string? Fault(Stage stage, Value value, bool isOneOfSeveral)
    {
        if (!value.TryAsHost<ServiceObject>(out var service))
            return $": after `delegate` comes an smtp service, not a value of type {value.TypeName}";
        if (service.Kind != "smtp") return $": after `delegate` comes an smtp service, and `{service.Name}` is of kind {service.Kind}";
        if (stage is Stage.Preq && service.Settings is { PreqWait: null })
        {
            return $" cannot be in the stage `preq`: the client would wait, and service `{service.Name}` does not say how long; "
                + "give it `preq_wait: \"30s\"`, or delegate from `postq` on, after the client's 250";
        }

        // One whose declaration has faults has no settings; that is told there.
        return isOneOfSeveral && service.Settings is { KeepsOriginal: false }
            ? $": of several services each needs `keep_original: true`, and `{service.Name}` has not: two returns cannot both become the mail"
            : null;
    }

    private static IReadOnlyList<Value> Values(Directive directive) =>
        directive.Service.TryAsArray(out var services) ? [.. services] : [directive.Service];
}
