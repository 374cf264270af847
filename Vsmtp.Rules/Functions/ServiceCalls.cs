using Vsmtp.Rules.Api;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>Services without a declaration, as vSMTP 2.x makes them; what has a name is made by the compiler, see <c>ServiceCall</c>.</summary>
internal static class ServiceCalls
{
    private static readonly (string Call, string Kind, string Text)[] Calls =
    [
        ("smtp::connect", "smtp", "An smtp service: `const scan = smtp::connect(#{ … })` is `service scan smtp = #{ … }`, and "
            + "`export const` shares it."),
        ("cmd::build", "cmd", "A command: `const clam = cmd::build(#{ … })` is `service clam cmd = #{ … }`."),
    ];

    public static void AddTo(ApiTable api)
    {
        api.Section("Services", "The options, and what `delegate` does with a service: [rules.md](rules.md#services).");
        foreach (var (call, _, text) in Calls)
        {
            var message = $"a service needs a name: write `const name = {call}(#{{ … }})`";
            api.Global(
                new ApiDoc($"{call}(options: map) -> service", text) { Errors = "elsewhere than behind `const name =` or `let "
                    + "name =`; options that are wrong" },
                (_, _) => Completion.Error(message));
        }
    }

    public static void Register(ScriptHostBuilder host)
    {
        foreach (var (call, kind, _) in Calls) host.ServiceCall(call, kind);
    }
}
