using Vsmtp.Mail.Delegation;
using Vsmtp.Rules.Objects;
using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Services;

/// <summary>Reads the options of <c>service NAME smtp</c>.</summary>
internal static class SmtpServiceReader
{
    /// <returns>Null when there are faults.</returns>
    public static SmtpServiceSettings? Read(string name, VslMap map, RuleState state, ServiceFindings findings)
    {
        var options = new OptionReader($"service `{name}`", map, findings);
        var transfer = new TransferOptions(name, state, findings);
        var usual = new SmtpServiceSettings { Name = name, Delegator = "", Receiver = "" };
        var delegator = options.RequiredMap("delegator");
        var topTimeout = options.Duration("timeout");
        var tls = transfer.Tls(options);
        var settings = usual with
        {
            Delegator = Delegator(delegator, findings),
            Protocol = transfer.Protocol(delegator),
            Receiver = Receiver(options, name, findings),
            Timeout = delegator?.Duration("timeout") ?? topTimeout ?? usual.Timeout,
            MaxInFlight = (int?)options.Positive("max_in_flight", 1000) ?? usual.MaxInFlight,
            MaxInFlightTotal = (int?)options.Positive("max_in_flight_total", 100_000),
            Retry = Retry(options.Map("retry"), name, findings),
            ReturnDeadline = options.Duration("return_deadline") ?? usual.ReturnDeadline,
            Proof = options.Texts("proof", "the name of a header", IsHeaderName),
            VerdictHeaders = options.Texts("verdict_headers", "the name of a header", IsHeaderName),
            Peers = options.Texts("peers", "an address, a host name or a network", IsPeer),
            KeepsOriginal = options.Flag("keep_original") ?? false,
            MaxBytes = options.Positive("max_bytes", long.MaxValue),
            PreqWait = PreqWait(options, name, findings),
            AcceptsLate = AcceptsLate(options, name, findings),
            Tls = tls,
            TlsAuthorities = transfer.Authorities(options, tls),
            GivesOrigin = options.Flag("xforward") ?? usual.GivesOrigin,
        };
        settings = settings with { MaxConnects = Math.Min(usual.MaxConnects, settings.MaxInFlight) };
        delegator?.WarnOfUnknownKeys();
        options.WarnOfUnknownKeys();
        WarnWithoutProof(settings, findings);
        RefuseSilentVerdicts(settings, findings);
        return findings.Faults.Count == 0 ? settings : null;
    }

    private static string Delegator(OptionReader? delegator, ServiceFindings findings)
    {
        if (delegator?.RequiredText("address") is not { } text) return "";
        if (!EndpointText.TryParse(text, out _, out _))
        {
            findings.Faults.Add($"`{text}` is not an address of a service: write host:port");
        }

        return text;
    }

    private static string Receiver(OptionReader options, string name, ServiceFindings findings)
    {
        if (options.RequiredText("receiver") is not { } text) return "";
        if (!EndpointText.TryParseIp(text, out _))
        {
            findings.Faults.Add($"`{text}` is not a receiver of service `{name}`: write ip:port, as in server.interfaces");
        }

        return text;
    }

    private static DelegationRetry Retry(OptionReader? options, string name, ServiceFindings findings)
    {
        var usual = new DelegationRetry();
        if (options is null) return usual;
        var retry = new DelegationRetry
        {
            First = options.Duration("first") ?? usual.First,
            Max = options.Duration("max") ?? usual.Max,
            GiveUp = options.Duration("give_up") ?? usual.GiveUp,
        };
        options.WarnOfUnknownKeys();
        if (retry.First > retry.Max)
        {
            findings.Faults.Add($"`retry` of service `{name}`: the first pause is longer than the longest (`first`, `max`)");
        }

        return retry;
    }

    private static TimeSpan? PreqWait(OptionReader options, string name, ServiceFindings findings)
    {
        var wait = options.Duration("preq_wait");
        if (wait > SmtpServiceSettings.MaxPreqWait)
        {
            findings.Faults.Add(
                $"`preq_wait` of service `{name}` is at most {SmtpServiceSettings.MaxPreqWait.TotalMinutes:0}m: "
                + "clients wait 10 minutes for the reply to a message, and then send it again (RFC 5321 §4.5.3.2.6)");
        }

        return wait;
    }

    private static bool AcceptsLate(OptionReader options, string name, ServiceFindings findings)
    {
        var late = options.Text("preq_late");
        if (late is not (null or "accept" or "tempfail"))
            findings.Faults.Add($"`preq_late` of service `{name}` is \"accept\" or \"tempfail\", not `{late}`");
        if (late is not null && options.Any("preq_wait") is null)
            findings.Warnings.Add($"`preq_late` of service `{name}` has no effect without `preq_wait`");
        return late == "accept";
    }

    private static void WarnWithoutProof(SmtpServiceSettings settings, ServiceFindings findings)
    {
        if (!settings.Proof.IsEmpty) return;
        findings.Warnings.Add(
            $"service `{settings.Name}` has no `proof`: a mail that comes back unscanned cannot be told from a clean one");
    }

    private static void RefuseSilentVerdicts(SmtpServiceSettings settings, ServiceFindings findings)
    {
        if (!settings.KeepsOriginal || !settings.OwnHeaders.IsEmpty) return;
        findings.Faults.Add(
            $"service `{settings.Name}` has `keep_original`, so it needs `proof` or `verdict_headers`: nothing else is taken over from what it returns");
    }

    /// <summary>RFC 5322 §3.6.8: ftext.</summary>
    private static bool IsHeaderName(string text) =>
        text.Length is > 0 and <= 76 && text.All(c => c is > ' ' and < '\x7F' and not ':');

    private static bool IsPeer(string text) =>
        EndpointText.IsHost(text) || IpText.TryParse(text, out _) || IpText.TryParseNetwork(text, out _);
}
