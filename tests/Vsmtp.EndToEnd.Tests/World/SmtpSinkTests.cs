using System.Net;
using System.Net.Sockets;
using Vsmtp.Dashboard.Api;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.World;

/// <summary>Postfix' smtp-sink as the far end, one for each command that it refuses and each way in which it can.</summary>
public sealed class SmtpSinkTests
{
    private static readonly string[] Commands = ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "."];

    private static readonly string[] Fields = ["final-recipient", "action", "status", "remote-mta", "diagnostic-code"];

    private enum Way
    {
        /// <summary>-f: 5yz.</summary>
        ForGood,

        /// <summary>-r: 4yz.</summary>
        ForNow,

        /// <summary>-q: hangs up without a word.</summary>
        HangsUp,

        /// <summary>-Q: 421, and hangs up.</summary>
        SaysGoodbye,
    }

    [Fact]
    public async Task A_command_that_it_refuses_makes_the_mail_what_the_command_says()
    {
        DaemonProcess.RequireInstalled("smtp-sink", "postfix");
        var sinks = Commands.SelectMany(command => Enum.GetValues<Way>().Select(way => new Sink(command, way))).ToArray();
        var zone = sinks.Select((sink, i) => $"mx-host={sink.Domain},mx.{sink.Domain},10\nhost-record=mx.{sink.Domain},{AddressOf(i)}");
        await using var world = await World.StartAsync(
            servers: 1, string.Join('\n', zone.Prepend("host-record=sender.example,{0}")), settings: "server.queues.delivery.deferred_retry_period=1h");
        var running = new List<DaemonProcess>();
        try
        {
            foreach (var (i, sink) in sinks.Index()) running.Add(sink.Start(AddressOf(i), world.Port));
            foreach (var (i, sink) in sinks.Index())
                await Patience.UntilAsync(() => ListensAsync(AddressOf(i), world.Port), $"{sink}", () => running[i].Said);
            var found = await Task.WhenAll(sinks.Select(async sink => $"{sink}: {await EndOfAsync(world, sink)}"));
            Assert.Equal(sinks.Select(sink => $"{sink}: {sink.Expected}"), found);
            await AssertToldAsync(world, [.. sinks.Where(sink => sink.Expected.StartsWith("bounced", StringComparison.Ordinal))]);
        }
        finally
        {
            foreach (var sink in running) await sink.DisposeAsync();
        }
    }

    private static string AddressOf(int number) => $"127.0.1.{100 + number}";

    /// <returns>The queue, the number of tries, and what the recipient was given as the reason.</returns>
    private static async Task<string> EndOfAsync(World world, Sink sink)
    {
        var id = await world.SendAsync("john@sender.example", Messages.Clean(sink.Domain), $"jane@{sink.Domain}");
        var mail = await world.Server.WaitForAsync(id, "delivered", "deferred", "bounced");
        return $"{mail.Mail.Queue}{ReplyIn(mail)}";
    }

    private static string ReplyIn(ApiMailDetails mail) => mail.Recipients[0].Result! switch
    {
        var said when said.Contains(Sink.Never, StringComparison.Ordinal) => $" {Sink.Never}",
        var said when said.Contains(Sink.Later, StringComparison.Ordinal) => $" {Sink.Later}",
        var said when said.Contains(" 421 ", StringComparison.Ordinal) => " 421",
        _ => "",
    };

    private static async Task AssertToldAsync(World world, Sink[] refusing)
    {
        await Patience.UntilAsync(() => world[0].Mails.Count >= refusing.Length, "all notifications");
        await Patience.UntilAsync(async () => (await world.Server.Api.ListAsync("deliver")).IsEmpty, "nothing under way");
        var told = await Task.WhenAll(world[0].Mails.Select(mail => ReadNotification.OfAsync(mail.Bytes)));
        Assert.Equal(
            refusing.Select(sink => $"rfc822; jane@{sink.Domain} failed 5.3.0 dns; mx.{sink.Domain} smtp; {Sink.Never}").Order(),
            told.Select(one => string.Join(' ', Fields.Select(field => one.Recipients.Single()[field]))).Order());
    }

    private static async Task<bool> ListensAsync(string address, int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Parse(address), port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private sealed record Sink(string Command, Way Way)
    {
        /// <summary>Its words, as its manual has them.</summary>
        public const string Never = "500 5.3.0 Error: command failed";
        public const string Later = "450 4.3.0 Error: command failed";

        public string Domain => $"{(Command == "." ? "dot" : Command.ToLowerInvariant())}-{Way.ToString().ToLowerInvariant()}.example";

        /// <summary>By RFC 5321 §3.2 and §4.2.1, and docs/design/016, "Which server".</summary>
        public string Expected => (Command, Way) switch
        {
            ("EHLO", Way.ForGood) => "delivered",               // by HELO
            ("CONNECT", Way.ForGood) => $"deferred {Never}",    // of us, not of the mail
            (_, Way.ForGood) => $"bounced {Never}",
            (_, Way.ForNow) => $"deferred {Later}",
            (_, Way.SaysGoodbye) => "deferred 421",
            _ => "deferred",
        };

        private string Option => Way switch
        {
            Way.ForGood => "-f",
            Way.ForNow => "-r",
            Way.HangsUp => "-q",
            _ => "-Q",
        };

        public override string ToString() => $"{Command} {Way}";

        public DaemonProcess Start(string address, int port)
        {
            string[] user = Environment.IsPrivilegedProcess ? ["-u", "nobody"] : [];
            return DaemonProcess.Start("smtp-sink", ["-4", "-h", $"mx.{Domain}", .. user, Option, Command, $"{address}:{port}", "16"]);
        }
    }
}
