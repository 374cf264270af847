using Vsmtp.Rules.Accounts;
using Vsmtp.Rules.Api;
using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>Who the client is.</summary>
internal static class CredentialFunctions
{
    private const ApiReceivers Any = ApiReceivers.Context | ApiReceivers.Message | ApiReceivers.Server;

    public static void AddTo(ApiTable api)
    {
        api.Section("Authentication", "Who the client is. In the stage `authenticate` a rule judges `auth()`: `accept()` for good credentials "
            + "of the types `Verify`, `AnonymousToken` and `BearerToken`, `packet(password)` for a `Query`; all else refuses, but for `next()` where "
            + "the site has a file of users (`server.smtp.auth.users`), which then decides. In later stages `auth()` tells who has authenticated.");
        api.OnContext(
            new ApiDoc("is_authenticated() -> bool", "Whether the client has authenticated.") { Newer = ["auth::is_authenticated"] },
            (state, _) => state.Context.IsAuthenticated);
        api.On(
            Any,
            new ApiDoc("auth() -> credentials", "The credentials. All have `.type` and `.mechanism`. `Verify` (PLAIN, LOGIN): `.authid`, "
                + "`.authpass`. `Query` (CRAM-MD5, SCRAM-SHA-256): `.authid`. `BearerToken` (XOAUTH2, OAUTHBEARER): `.authid`, `.token`. "
                + "`AnonymousToken` (ANONYMOUS): `.anonymous_token`. Password and token are there in the stage `authenticate` only.")
            {
                Newer = ["auth::credentials"], First = Stage.Authenticate,
                Errors = "a client that has not authenticated; a property that the type does not have",
            },
            (state, _) => state.Context.Credentials is { } credentials
                ? Value.From(new CredentialsObject(credentials))
                : Completion.Error($"auth: the client has not authenticated in the stage `{state.Stage.ToText()}`"));
        api.OnAsync(
            Any,
            new ApiDoc("authenticate() -> status", "Asks saslauthd (service `smtp`, at `/run/saslauthd/mux`) for the machine's accounts: `accept` or "
                + "`deny`. In the stage `authenticate`, for credentials of the type `Verify`; others are denied.")
            {
                Newer = ["auth::unix_users"], First = Stage.Authenticate, Errors = "saslauthd does not answer",
            },
            AskAccountsAsync);
    }

    private static async ValueTask<Completion> AskAccountsAsync(StageState state, HostCall call, Value[] arguments)
    {
        if (state.Context.Credentials is not { Kind: CredentialKind.Verify, Secret: { } password } credentials)
            return Value.From(new Status(RuleStatusKind.Deny, call.CallSite));
        try
        {
            var isGood = await SaslAuthDaemon.AskAsync(credentials.Name, password, call.Cancellation).ConfigureAwait(false);
            return Value.From(new Status(isGood ? RuleStatusKind.Accept : RuleStatusKind.Deny, call.CallSite));
        }
        catch (SaslAuthException fault)
        {
            return Completion.Error($"authenticate: {fault.Message}");
        }
    }
}
