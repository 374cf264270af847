using Vsmtp.Configuration.Options;
using Vsmtp.Configuration.Reading;

namespace Vsmtp.Configuration.Writing;

/// <summary>The table <c>[server.smtp]</c> as plain values.</summary>
internal static class SmtpTree
{
    public static TreeBuilder Of(SmtpOptions smtp) => new TreeBuilder()
        .Add("message_size_limit", smtp.MessageSizeLimit)
        .Add("rcpt_count_max", smtp.RcptCountMax)
        .Add("disable_ehlo", smtp.DisableEhlo)
        .Add("required_extension", smtp.RequiredExtension)
        .Add("error", new TreeBuilder()
            .AddLimit("soft_count", smtp.Error.SoftCount)
            .AddLimit("hard_count", smtp.Error.HardCount)
            .Add("delay", smtp.Error.Delay))
        .Add("timeout_client", new TreeBuilder()
            .Add("connect", smtp.TimeoutClient.Connect)
            .Add("helo", smtp.TimeoutClient.Helo)
            .Add("mail_from", smtp.TimeoutClient.MailFrom)
            .Add("rcpt_to", smtp.TimeoutClient.RcptTo)
            .Add("data", smtp.TimeoutClient.Data))
        .Add("codes", OfCodes(smtp.Codes))
        .Add("rates", new TreeBuilder()
            .Add("exempt", smtp.Rates.Exempt.Select(AddressRange.Format))
            .Add("client", OfRates(smtp.Rates.Client))
            .Add("network", OfRates(smtp.Rates.Network)))
        .Add("auth", smtp.Auth is null ? null : OfAuth(smtp.Auth));

    private static TreeBuilder OfRates(ClientRates rates) => new TreeBuilder()
        .Add("connections", rates.Connections is { } connections ? RateReader.Format(connections) : null)
        .Add("mails", rates.Mails is { } mails ? RateReader.Format(mails) : null)
        .Add("recipients", rates.Recipients is { } recipients ? RateReader.Format(recipients) : null);

    private static TreeBuilder OfCodes(ReplyCodes codes)
    {
        var tree = new TreeBuilder();
        // The answer to EHLO is generated: what stands here would not be what is sent.
        foreach (var name in Enum.GetValues<ReplyName>().Except([ReplyName.EhloPain, ReplyName.EhloSecured]))
        {
            tree.Add(name.ToString(), codes[name].ToString());
        }

        return tree;
    }

    private static TreeBuilder OfAuth(AuthOptions auth) => new TreeBuilder()
        .Add("must_be_authenticated", auth.MustBeAuthenticated)
        .Add("enable_dangerous_mechanism_in_clair", auth.EnableDangerousMechanismInClair)
        .Add("mechanisms", auth.Mechanisms.Select(AuthMechanismName.Of))
        .Add("users", auth.Users)
        .AddLimit("attempt_count_max", auth.AttemptCountMax);
}
