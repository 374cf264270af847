using System.Collections.Immutable;
using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Reading;

/// <summary>Reads <c>[server.smtp]</c>.</summary>
internal static class SmtpReader
{
    // RFC 5321 §4.5.3.1.7: the least that every server takes.
    private const long LeastMessageSize = 65_536;

    private const string MechanismForm = "PLAIN, LOGIN, SCRAM-SHA-256, CRAM-MD5, ANONYMOUS, XOAUTH2 or OAUTHBEARER";

    public static SmtpOptions Read(TableReader smtp, string domain, bool hasTls)
    {
        var defaults = new SmtpOptions();
        smtp.Idle("required_extension");
        var options = new SmtpOptions
        {
            MessageSizeLimit = smtp.Long("message_size_limit", defaults.MessageSizeLimit, 1, long.MaxValue),
            RcptCountMax = smtp.Integer("rcpt_count_max", defaults.RcptCountMax),
            DisableEhlo = smtp.Boolean("disable_ehlo", defaults.DisableEhlo),
            RequiredExtension = smtp.List("required_extension", defaults.RequiredExtension, TryParseExtension, "the name of an extension"),
            Error = ReadError(smtp.Table("error")),
            TimeoutClient = ReadTimeouts(smtp.Table("timeout_client")),
            Codes = ReplyCodesReader.Read(smtp.Table("codes"), domain),
            Rates = RateReader.Read(smtp.Table("rates")),
            Auth = ReadAuth(smtp.Table("auth"), hasTls),
        };
        if (options.MessageSizeLimit < LeastMessageSize)
        {
            smtp.Warning("message_size_limit", $"is less than the {LeastMessageSize} bytes that senders may count on (RFC 5321 §4.5.3.1.7)");
        }

        smtp.Close();
        return options;
    }

    private static bool TryParseExtension(string text, out string name)
    {
        name = text.ToUpperInvariant();
        return text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
    }

    private static ErrorOptions ReadError(TableReader error)
    {
        var defaults = new ErrorOptions();
        error.Require("the table is complete or absent", "soft_count", "hard_count", "delay");
        var options = new ErrorOptions
        {
            SoftCount = error.Limit("soft_count", defaults.SoftCount, min: 1),
            HardCount = error.Limit("hard_count", defaults.HardCount, min: 1),
            Delay = error.Duration("delay", defaults.Delay, mayBeZero: true),
        };
        if (!error.HasFault && options.SoftCount > options.HardCount)
        {
            error.Error("soft_count", $"is {options.SoftCount}, above {error.NameOf("hard_count")} ({options.HardCount}): it would never be reached");
        }

        error.Close();
        return options;
    }

    private static ClientTimeouts ReadTimeouts(TableReader timeouts)
    {
        var defaults = new ClientTimeouts();
        timeouts.Require("the table is complete or absent", "connect", "helo", "mail_from", "rcpt_to", "data");
        var options = new ClientTimeouts
        {
            Connect = timeouts.Duration("connect", defaults.Connect),
            Helo = timeouts.Duration("helo", defaults.Helo),
            MailFrom = timeouts.Duration("mail_from", defaults.MailFrom),
            RcptTo = timeouts.Duration("rcpt_to", defaults.RcptTo),
            Data = timeouts.Duration("data", defaults.Data),
        };
        timeouts.Close();
        return options;
    }

    private static AuthOptions? ReadAuth(TableReader auth, bool hasTls)
    {
        if (!auth.IsGiven)
        {
            return null;
        }

        var users = auth.FilePath("users", null);
        var defaults = new AuthOptions();
        if (users is not null) defaults = defaults with { Mechanisms = [AuthMechanism.ScramSha256, .. defaults.Mechanisms] };
        var options = new AuthOptions
        {
            Users = users,
            UsersPlace = auth.PlaceOf("users"),
            MustBeAuthenticated = auth.Boolean("must_be_authenticated", defaults.MustBeAuthenticated),
            EnableDangerousMechanismInClair = auth.Boolean("enable_dangerous_mechanism_in_clair", defaults.EnableDangerousMechanismInClair),
            Mechanisms = auth.List<AuthMechanism>("mechanisms", defaults.Mechanisms, AuthMechanismName.TryParse, MechanismForm),
            AttemptCountMax = auth.Limit("attempt_count_max", defaults.AttemptCountMax, min: 0),
        };
        Check(auth, options, hasTls);
        auth.Close();
        return options;
    }

    private static void Check(TableReader auth, AuthOptions options, bool hasTls)
    {
        if (options.Mechanisms.IsEmpty)
        {
            auth.Error("mechanisms", "must name at least one mechanism; without [server.smtp.auth] there is no AUTH");
        }
        else if (options.Mechanisms.Distinct().Count() < options.Mechanisms.Length)
        {
            auth.Error("mechanisms", "names a mechanism twice");
        }

        if (!hasTls && !options.EnableDangerousMechanismInClair)
        {
            auth.Warning("enable_dangerous_mechanism_in_clair", "is false and there is no [server.tls]: no client can authenticate");
        }
    }
}
