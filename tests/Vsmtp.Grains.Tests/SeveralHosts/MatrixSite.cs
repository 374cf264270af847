using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Queues;
using Vsmtp.Delivery;
using Vsmtp.Delivery.Exchanges;
using Vsmtp.Delivery.Tests.Support;
using Vsmtp.Grains.Mail;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Grains.Tests.SeveralHosts;

/// <summary>A silo that delivers by MX, the two hosts of each cell's domain, and one that takes what the senders are told.</summary>
internal sealed class MatrixSite : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, HostPair> _pairs = new();
    private readonly MailHost _senders;
    private readonly int _port;
    private readonly TestSilo _silo;

    private MatrixSite(TestSilo silo, MailHost senders, int port) => (_silo, _senders, _port) = (silo, senders, port);

    /// <param name="patience">How long a host may be silent.</param>
    public static async Task<MatrixSite> StartAsync(IReadOnlyList<Cell> cells, TimeSpan? patience = null)
    {
        var senders = new MailHost(new IPEndPoint(IPAddress.Parse("127.3.0.1"), 0));
        var port = int.Parse(senders.Place.Split(':')[1]);
        var zone = new Zone().A("senders.example", "127.3.0.1");
        foreach (var (number, cell) in cells.Index())
        {
            zone.Mx(cell.Domain, 10, $"one.{cell.Domain}").A($"one.{cell.Domain}", AddressOf(1, number).ToString())
                .Mx(cell.Domain, cell.IsOrdered ? 20 : 10, $"two.{cell.Domain}").A($"two.{cell.Domain}", AddressOf(2, number).ToString())
                .Mx($"from-{cell.Domain}", 1, "senders.example");
        }

        var silo = await TestSilo.StartAsync(
            "#{}", $"mx_port = {port}\n[server.queues.delivery]\ndeferred_retry_period = \"1h\"\n",
            new MailGrainOptions { ServerName = "mx.example.com" }, change: services =>
            {
                services.AddSingleton(new DnsResolvers(zone));
                var usual = (DeliveryOptions)services.Last(service => service.ServiceType == typeof(DeliveryOptions)).ImplementationInstance!;
                services.AddSingleton(patience is { } limit ? usual with { RemoteTimeouts = SmtpClientTimeouts.All(limit) } : usual);
            });
        return new MatrixSite(silo, senders, port);
    }

    /// <summary>Sends the cell's mail.</summary>
    /// <returns>What is not as expected; null: nothing.</returns>
    public async Task<string?> TryAsync(int number, Cell cell)
    {
        var pair = _pairs[cell.Domain] = new HostPair(cell, new IPEndPoint(AddressOf(1, number), _port), new IPEndPoint(AddressOf(2, number), _port));
        var id = MailId.Create(TimeProvider.System);
        var offer = _silo.Offer();
        await _silo.Mail(id).Accept(offer with
        {
            Envelope = offer.Envelope with
            {
                Sender = cell.Sender,
                Recipients = [.. cell.Addresses.Select(address => new MailRecipient { Address = address, Transport = TransportKind.Deliver })],
            },
        });
        var mail = await _silo.WaitForAsync(id, "deferred", "bounced", "delivered");
        var found = string.Join('\n', [mail.Summary.Queue, .. mail.State.Envelope.Recipients.Select(one => Outcome.Line(
            one.Address, one.Status.ToString(), one.Failure?.Status ?? "", one.Failure?.Reply, one.Failure?.Server))]);
        var expected = Orders(cell, pair.Asked).Select(order => Outcome.Expected(cell, order)).Distinct().ToList();
        var faults = new[] { expected.Contains(found) ? null : $"found:\n{found}\nexpected:\n{string.Join("\nor\n", expected)}" }
            .Append(FaultOfCopies(mail, pair)).Append(FaultOfRetry(mail)).Append(await FaultOfNotificationAsync(cell, mail))
            .OfType<string>().ToList();
        return faults.Count == 0 ? null : $"{cell}\nasked: {string.Join(", ", pair.Asked)}\n{string.Join('\n', faults)}\n";
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        foreach (var pair in _pairs.Values) await pair.DisposeAsync();
        await _senders.DisposeAsync();
    }

    private static IPAddress AddressOf(byte host, int number) => new([127, host, (byte)(number / 250), (byte)((number % 250) + 1)]);

    /// <summary>The orders in which the hosts may have been tried: of one that is down nobody sees when.</summary>
    private static IEnumerable<string[]> Orders(Cell cell, IReadOnlyList<string> asked)
    {
        if (cell.IsOrdered || cell.Second is SecondHost.IsDown || asked[0] == Cell.First) yield return [Cell.First, Cell.Other];
        if (!cell.IsOrdered && (cell.Second is SecondHost.IsDown || asked[0] == Cell.Other)) yield return [Cell.Other, Cell.First];
    }

    /// <summary>Whoever is served has one copy, whoever is not has none.</summary>
    private static string? FaultOfCopies(MailDetails mail, HostPair pair)
    {
        var copies = pair.Taken.SelectMany(taken => taken.Split(' ').Skip(1)).Order();
        var served = mail.State.Envelope.Recipients.Where(one => one.Status is RecipientStatus.Delivered).Select(one => one.Address).Order();
        return copies.SequenceEqual(served) ? null : $"taken: {string.Join("; ", pair.Taken)}";
    }

    private static string? FaultOfRetry(MailDetails mail)
    {
        var pause = mail.State.WakeAt - mail.State.Since;
        var isRight = mail.Summary.Queue == "deferred" ? pause > Pause * 0.7 && pause <= Pause : pause is null;
        return isRight ? null : $"the next try is at {mail.State.WakeAt}, {pause} after {mail.State.Since}";
    }

    /// <summary>The sender hears once of all that are refused for good, and of nobody else.</summary>
    private async Task<string?> FaultOfNotificationAsync(Cell cell, MailDetails mail)
    {
        var refused = mail.State.Envelope.Recipients.Where(one => one.Status is RecipientStatus.Bounced).ToList();
        var told = mail.Events.Where(one => one.What == "notified").ToList();
        if (refused.Count == 0) return told.Count == 0 ? null : $"told: {told[0]}";
        if (told.Count != 1) return $"told {told.Count} times";
        await _silo.WaitForAsync(told[0].Why.Split(' ')[^1], "delivered");
        var (sender, _, message) = _senders.Taken.Single(taken => taken.Recipients == cell.Sender);
        var fields = refused.Select(one => string.Join("\r\n",
            $"Final-Recipient: rfc822; {one.Address}", "Action: failed", $"Status: {one.Failure!.Status}",
            $"Remote-MTA: dns; {one.Failure.Server}", $"Diagnostic-Code: smtp; {one.Failure.Reply}", ""));
        return sender.Length == 0 && fields.All(each => message.Contains(each, StringComparison.Ordinal))
            && message.Split("Final-Recipient:").Length - 1 == refused.Count ? null : $"the notification from <{sender}> is:\n{message}";
    }
}
