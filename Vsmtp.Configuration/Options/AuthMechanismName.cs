namespace Vsmtp.Configuration.Options;

/// <summary>The SASL names of mechanisms; letter case does not count (RFC 4422 §3.1 has them upper case).</summary>
public static class AuthMechanismName
{
    public static string Of(AuthMechanism mechanism) => mechanism switch
    {
        AuthMechanism.CramMd5 => "CRAM-MD5",
        AuthMechanism.ScramSha256 => "SCRAM-SHA-256",
        _ => mechanism.ToString().ToUpperInvariant(),
    };

    public static bool TryParse(string text, out AuthMechanism mechanism)
    {
        var found = Enum.GetValues<AuthMechanism>().Where(m => Of(m).Equals(text, StringComparison.OrdinalIgnoreCase)).ToArray();
        mechanism = found.FirstOrDefault();
        return found.Length == 1;
    }
}
