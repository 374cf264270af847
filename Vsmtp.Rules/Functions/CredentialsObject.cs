using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>What <c>auth()</c> gives. Its text tells the kind and nothing else.</summary>
internal sealed class CredentialsObject(RuleCredentials credentials) : HostObject
{
    private static readonly string[] Names = ["type", "mechanism", "authid", "authpass", "anonymous_token", "token"];

    public override string TypeName => "Credentials";

    public override string ToText() => credentials.Kind.ToString();

    public override bool TryGetProperty(string name, HostCall call, out Completion value)
    {
        value = (name, credentials.Kind) switch
        {
            ("type", _) => Value.From(credentials.Kind.ToString()),
            ("mechanism", _) => Value.From(credentials.Mechanism),
            ("authid", not CredentialKind.AnonymousToken) => Value.From(credentials.Name),
            ("anonymous_token", CredentialKind.AnonymousToken) => Value.From(credentials.Name),
            ("authpass", CredentialKind.Verify) or ("token", CredentialKind.BearerToken) => Secret(name),
            _ => Completion.Error($"credentials of the type `{credentials.Kind}` have no `{name}`"),
        };
        return Names.Contains(name);
    }

    private Completion Secret(string name) => credentials.Secret is { } secret
        ? Value.From(secret.Reveal())
        : Completion.Error($"`{name}` is there in the stage `authenticate` only: nothing keeps it");
}
