namespace Vsmtp.Smtp.Client;

/// <summary>As whom we sign on to a server (RFC 4954).</summary>
public sealed record SmtpCredentials(string User, string Password)
{
    /// <summary>Without the password, which is for nobody to see.</summary>
    public override string ToString() => User;
}
