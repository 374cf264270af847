using System.Globalization;
using System.Text;
using Vsmtp.Mail.Trace;

namespace Vsmtp.Mail.Notifications;

/// <summary>What a notification says to a person.</summary>
internal static class NotificationText
{
    public static string SubjectOf(DeliveryNotification notification) => KindOf(notification) switch
    {
        DeliveryAction.Failed => "Undelivered mail returned to sender",
        DeliveryAction.Delayed => "Mail is delayed",
        _ => "Mail has been delivered",
    };

    public static string Of(DeliveryNotification notification)
    {
        var text = new StringBuilder();
        Line(text, $"This is the mail system at {notification.ReportingServer}.");
        foreach (var group in notification.Recipients.GroupBy(recipient => recipient.Action))
        {
            Line(text, "");
            Line(text, LeadOf(group.Key, group.Count(), group.First()));
            foreach (var recipient in group)
            {
                Line(text, "");
                Line(text, $"  <{HeaderWord.Clean(recipient.Address)}>");
                foreach (var line in recipient.Explanation.ReplaceLineEndings("\n").Split('\n')) Line(text, $"    {HeaderWord.Clean(line)}");
            }
        }

        Line(text, "");
        Line(text, $"Your message came to us on {MailDate.Format(notification.ArrivedAt)}. {Attached(notification)}");
        return text.ToString();
    }

    /// <summary>The gravest that is in it.</summary>
    private static DeliveryAction KindOf(DeliveryNotification notification) => notification.Recipients.Min(recipient => recipient.Action);

    private static string LeadOf(DeliveryAction action, int count, NotifiedRecipient first)
    {
        var whom = count == 1 ? "this recipient" : "these recipients";
        return action switch
        {
            DeliveryAction.Failed => $"Your message could not be delivered to {whom}, and we no longer try:",
            DeliveryAction.Delayed => string.Create(
                CultureInfo.InvariantCulture,
                $"Your message has not yet been delivered to {whom}. You need not send it again: we go on trying{Until(first)}."),
            DeliveryAction.Delivered => $"Your message has been put into the mailbox of {whom}:",
            _ => $"Your message has been passed on for {whom} to a server that will send no notification of its own:",
        };
    }

    private static string Until(NotifiedRecipient recipient) => recipient.WillRetryUntil is { } until ? $" until {MailDate.Format(until)}" : "";

    private static string Attached(DeliveryNotification notification) => notification.IsWhole ? "It is attached." : "Its headers are attached.";

    private static void Line(StringBuilder text, string line) => text.Append(line).Append("\r\n");
}
