namespace Vsmtp.Contracts.Mail;

/// <summary>Under which names the mail grain's state is kept.</summary>
public static class MailStateStorage
{
    /// <summary>Unique across grain types (spec/orleans-api.md, "Behaviour that bites", 1).</summary>
    public const string StateName = "mail";

    /// <summary>The name under which our store is registered as <c>IGrainStorage</c>.</summary>
    public const string ProviderName = "mail-store";
}
