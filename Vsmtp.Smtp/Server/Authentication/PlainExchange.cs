namespace Vsmtp.Smtp.Server.Authentication;

/// <summary>PLAIN (RFC 4616 §2): <c>[authzid] NUL authcid NUL passwd</c>.</summary>
internal sealed class PlainExchange : SaslExchange
{
    private string _name = "";

    public override SaslStep Respond(ReadOnlySpan<byte> response)
    {
        if (response.Count((byte)0) != 2) return SaslStep.Fail;
        var first = response.IndexOf((byte)0);
        var second = response.LastIndexOf((byte)0);
        if (!SaslNames.TryDecode(response[..first], out var actAs)
            || !SaslNames.TryPrepare(response[(first + 1)..second], out var name)
            || !SaslNames.TryDecode(response[(second + 1)..], out var password)
            || password.Length == 0
            || !SaslNames.IsSame(actAs, name))
        {
            return SaslStep.Fail;
        }

        _name = name;
        return new SaslStep.Ask(new SaslCredentials.Verify(SaslMechanism.Plain, name, password));
    }

    public override SaslStep Answer(SaslAnswer answer) => Judge(answer, _name);
}
