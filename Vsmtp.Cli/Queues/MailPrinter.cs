using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Vsmtp.Cli.Logging;
using Vsmtp.Dashboard.Api;

namespace Vsmtp.Cli.Queues;

/// <summary>Prints mails for people. What strangers wrote is printed without its control characters.</summary>
internal static class MailPrinter
{
    private const int SubjectWidth = 40;

    public static void PrintList(TextWriter output, ImmutableArray<ApiMail> mails)
    {
        foreach (var mail in mails)
        {
            output.WriteLine($"{mail.Id}  {mail.Queue,-22} {Time(mail.Since)} {mail.Bytes,9} {mail.Attempts,3}  <{Plain(mail.Sender)}> to {Plain(string.Join(", ", mail.Recipients))}  {Cut(Plain(mail.Subject))}");
            if (mail.Reason.Length > 0) output.WriteLine($"    {Plain(mail.Reason)}");
        }

        output.WriteLine(mails.Length == 1 ? "1 mail" : $"{mails.Length} mails");
    }

    public static void PrintDetails(TextWriter output, ApiMailDetails details)
    {
        var mail = details.Mail;
        output.WriteLine($"{mail.Id}  in {mail.Queue} since {Time(mail.Since)}");
        output.WriteLine($"  from <{Plain(mail.Sender)}>, {Plain(details.Helo)} [{details.Client}], accepted {Time(details.AcceptedAt)}, {mail.Bytes} octets");
        output.WriteLine($"  subject: {Plain(mail.Subject)}");
        foreach (var recipient in details.Recipients)
        {
            var target = recipient.Target is null ? "" : $" {recipient.Target}";
            var result = recipient.Result is null ? "" : $": {Plain(recipient.Result)}";
            output.WriteLine($"  to <{Plain(recipient.Address)}> by {recipient.Transport}{target}, {recipient.Status}{result}");
        }

        if (mail.Reason.Length > 0) output.WriteLine($"  reason: {Plain(mail.Reason)}{(details.Source is null ? "" : $" ({details.Source})")}");
        if (details.WakeAt is { } wakeAt) output.WriteLine($"  goes on at {Time(wakeAt)}");
        output.WriteLine();
        PrintTimeline(output, details.Events);
    }

    /// <summary>One line per event: time, what, the directive and its place, why.</summary>
    public static void PrintTimeline(TextWriter output, ImmutableArray<ApiEvent> events)
    {
        foreach (var e in events)
        {
            var directive = e.Directive is null ? "" : $"{Plain(e.Directive)} ";
            var source = e.Source is null ? "" : $"({e.Source}) ";
            output.WriteLine($"  {e.At.ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)}  {e.What,-13} {directive}{source}{Plain(e.Why)}");
        }
    }

    public static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Cut(string text) => text.Length <= SubjectWidth ? text : text[..(SubjectWidth - 1)] + "…";

    /// <summary>A terminal obeys control characters, and shows text backwards behind U+202E: mails must not speak to it.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) plain.Append(PlainLines.Steers(rune) ? "?" : rune.ToString());
        return plain.ToString();
    }
}
