namespace Vsmtp.Smtp.Server.Authentication;

/// <summary>LOGIN (draft-murchison-sasl-login): asks for a name, then for a password.</summary>
internal sealed class LoginExchange : SaslExchange
{
    private string? _name;

    public override SaslStep Begin() => new SaslStep.Challenge("User Name"u8.ToArray());

    public override SaslStep Respond(ReadOnlySpan<byte> response)
    {
        if (_name is { } name)
        {
            return SaslNames.TryDecode(response, out var password) && password.Length > 0 && !password.Contains('\0', StringComparison.Ordinal)
                ? new SaslStep.Ask(new SaslCredentials.Verify(SaslMechanism.Login, name, password))
                : SaslStep.Fail;
        }

        if (!SaslNames.TryPrepare(response, out _name)) return SaslStep.Fail;
        return new SaslStep.Challenge("Password"u8.ToArray());
    }

    public override SaslStep Answer(SaslAnswer answer) => Judge(answer, _name!);
}
