using Vsmtp.Rules.Api;
using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>What is known of the delegation behind which a rule stands.</summary>
internal static class DelegationFunctions
{
    public static void AddTo(ApiTable api)
    {
        api.Section("Delegation", "What is known of a mail's visits to services: [rules.md](rules.md#what-can-be-read).");
        api.OnContext(
            new ApiDoc("delegation() -> map", "The visit that is over: `service`, `outcome`, `why`, `attempts`, `code`, `reply`, "
                + "`seconds`, `headers`.") { Errors = Outside },
            (state, _) => Known(state, "delegation", visits => ToMap(visits[^1])));
        api.OnContext(
            new ApiDoc("delegations() -> map", "All visits of the directive that are over, by the names of the "
                + "services.") { Errors = Outside },
            (state, _) => Known(state, "delegations", visits =>
                new VslMap(visits.Select(visit => KeyValuePair.Create(visit.Service, Value.From(ToMap(visit)))))));
    }

    private const string Outside = "elsewhere than in handlers of a delegate and in the directives of its stage that follow it";

    private static Completion Known(StageState state, string name, Func<IReadOnlyList<DelegateVisit>, VslMap> read) =>
        state.Context.Delegations is { Count: > 0 } visits
            ? Value.From(read(visits))
            : Completion.Error($"`{name}` can be read in the handlers of a delegate and in the directives of its stage that follow it");

    private static VslMap ToMap(DelegateVisit visit) => new(new Dictionary<string, Value>
    {
        ["service"] = visit.Service,
        ["outcome"] = visit.Result.Outcome,
        ["why"] = visit.Result.Reason,
        ["attempts"] = visit.Attempts,
        ["code"] = CodeOf(visit.Reply),
        ["reply"] = visit.Reply ?? "",
        ["seconds"] = visit.Duration.TotalSeconds,
        ["headers"] = new VslMap(visit.Headers.GroupBy(header => header.Name).Select(named => KeyValuePair.Create(
            named.Key, Value.From(new VslArray(named.Select(header => Value.From(header.Value))))))),
    });

    /// <summary>RFC 5321 §4.2; 0 for no reply.</summary>
    private static int CodeOf(string? reply) =>
        reply is { Length: >= 3 } && int.TryParse(reply.AsSpan(0, 3), out var code) ? code : 0;
}
