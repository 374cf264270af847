using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Local;
using Vsmtp.Delivery.Tests.Support;

namespace Vsmtp.Delivery.Tests.Carrying;

/// <summary>Mails that go through the carrier's protocol into mboxes of accounts that every machine has.</summary>
[SupportedOSPlatform("linux")]
public sealed class CarriedMailTests : IDisposable
{
    private const string Thousand = "0123456789012345678901234567890123456789012345678\r\n";

    private readonly TemporaryFolder _folder = new();
    private readonly string _spool;

    public CarriedMailTests()
    {
        if (!Posix.IsSupported || Posix.EffectiveUser() != 0) Assert.Skip("Only root on 64-bit Linux can become other users.");
        foreach (var account in new[] { "nobody", "daemon" }) Assert.SkipWhen(SystemAccount.Find(account) is null, $"This machine has no account {account}.");
        _spool = _folder.Sub("spool");
        Directory.CreateDirectory(_spool);
        using (var chgrp = Process.Start("chgrp", ["mail", _spool])) chgrp.WaitForExit();
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(_spool, (UnixFileMode)0b111_111_101);
    }

    private string Nobody => Path.Combine(_spool, "nobody");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_mail_comes_whole_into_a_file_of_its_owner()
    {
        using var carrier = new CarrierBench(_spool, channels: 2);
        await using var bench = Bench(carrier);
        var body = string.Concat(Enumerable.Repeat(Thousand, 4000));
        Assert.Equal((DeliveryResult.Delivered, $"in {Nobody}"), await DeliverAsync(bench, $"Subject: long\r\n\r\n{body}"));
        var text = await File.ReadAllTextAsync(Nobody, TestContext.Current.CancellationToken);
        Assert.StartsWith("From a@client.example ", text, StringComparison.Ordinal);
        Assert.Contains("\nReturn-Path: <a@client.example>\nDelivered-To: nobody@mx.example\nSubject: long\n\n", text, StringComparison.Ordinal);
        Assert.EndsWith($"\n\n{body.Replace("\r\n", "\n", StringComparison.Ordinal)}\n", text, StringComparison.Ordinal);
        using var file = Posix.Open(Nobody, 0);
        Assert.Equal((SystemAccount.Find("nobody")!.User, 0x180), (Posix.FactsOf(file).User, Posix.FactsOf(file).Mode & 0xFFF));
    }

    [Fact]
    public void Who_writes_is_the_user_with_no_power_and_nothing_to_gain()
    {
        using var carrier = new CarrierBench(_spool, channels: 1);
        using var server = carrier.TakeRaw();
        var nobody = SystemAccount.Find("nobody")!;
        // Real, effective, saved, and for files: a user may send signals to whose first or third he is.
        var own = $"Uid:\t0\t{nobody.User}\t0\t{nobody.User}\n";
        server.Send([(byte)'Q', 0, 0, 0, 14, .. "mbox\u0000nobody\u00001\u0000"u8]);
        Assert.Equal(5, server.Receive(new byte[5]));
        var status = Assert.Single(Threads(), status => status.Contains(own, StringComparison.Ordinal));
        Assert.Contains($"Gid:\t{nobody.Group}\t{nobody.Group}\t{nobody.Group}\t{nobody.Group}\n", status, StringComparison.Ordinal);
        Assert.Contains($"Groups:\t{MailFolder.GroupOf(_spool)} \n", status, StringComparison.Ordinal);
        foreach (var set in new[] { "CapInh", "CapPrm", "CapEff", "CapAmb" })
            Assert.Contains($"{set}:\t0000000000000000\n", status, StringComparison.Ordinal);
        Assert.Contains("NoNewPrivs:\t1\n", status, StringComparison.Ordinal);

        server.Send([(byte)'C', 0, 0, 0, 2, .. "\r\n"u8, (byte)'E', 0, 0, 0, 0]);
        Assert.Equal((byte)'S', Hear(server));
        server.Send([(byte)'Q', 0, 0, 0, 12, .. "mbox\u0000none\u00001\u0000"u8]);
        Assert.Equal((byte)'N', Hear(server));
        // That one was answered behind the end of the thread before, of which the kernel may have a moment's work left.
        var isGone = SpinWait.SpinUntil(() => !Threads().Any(status => status.Contains(own, StringComparison.Ordinal)), TimeSpan.FromSeconds(30));
        Assert.True(isGone, "the thread that was nobody is still there");
    }

    [Fact]
    public async Task An_mbox_that_is_locked_holds_up_no_other()
    {
        using var carrier = new CarrierBench(_spool, channels: 2, TimeSpan.FromSeconds(5));
        await using var bench = Bench(carrier);
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(bench, "Subject: a\r\n\r\nbody\r\n")).Result);
        await File.WriteAllTextAsync($"{Nobody}.lock", $"{Environment.ProcessId}\n", TestContext.Current.CancellationToken);
        Assert.True(bench.Worker.Offer(bench.Job(To("nobody@mx.example")) with { Attempt = 2 }));
        Assert.True(bench.Worker.Offer(bench.Job(To("daemon@mx.example")) with { Attempt = 3 }));
        var (first, second) = ((await bench.Grains.NextAsync<DeliveryReport>()).Report, (await bench.Grains.NextAsync<DeliveryReport>()).Report);
        Assert.Equal((3, DeliveryResult.Delivered), (first.Attempt, first.Recipients[0].Result));
        Assert.Equal((2, DeliveryResult.Deferred), (second.Attempt, second.Recipients[0].Result));
        Assert.Contains("locked by another program", second.Recipients[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_message_that_the_store_cannot_finish_nothing_is_left_and_the_next_one_goes()
    {
        using var carrier = new CarrierBench(_spool, channels: 1);
        await using var bench = Bench(carrier);
        await DeliverAsync(bench, "Subject: a\r\n\r\nbody\r\n");
        var before = await File.ReadAllTextAsync(Nobody, TestContext.Current.CancellationToken);
        var whole = Encoding.ASCII.GetBytes("Subject: b\r\n\r\n" + string.Concat(Enumerable.Repeat(Thousand, 4000)));
        var broken = bench.Contents.Add(whole.Length, () => new MemoryStream(whole, 0, whole.Length - 1000));
        var report = Assert.Single(await bench.DeliverAsync(bench.Job(broken, To("nobody@mx.example")) with { Attempt = 2 }));
        Assert.Equal((DeliveryResult.Deferred, "4.2.0"), (report.Result, report.Failure!.Status));
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(bench, "Subject: c\r\n\r\nbody\r\n", attempt: 3)).Result);
        // It is not waited for that what was given up is taken back; the next one, on the same channel, comes behind that.
        var after = await File.ReadAllTextAsync(Nobody, TestContext.Current.CancellationToken);
        Assert.StartsWith(before, after, StringComparison.Ordinal);
        Assert.Equal(2, after.Split("\nSubject: ").Length - 1);
        Assert.DoesNotContain("Subject: b", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_message_whose_server_is_gone_nothing_is_left()
    {
        var carrier = new CarrierBench(_spool, channels: 1);
        using (var server = carrier.TakeRaw())
        {
            server.Send([(byte)'Q', 0, 0, 0, 14, .. "mbox\u0000nobody\u00001\u0000"u8]);
            Assert.Equal(5, server.Receive(new byte[5]));
            server.Send([(byte)'C', 0, 0, 0, 12, .. "Subject: a\r\n"u8]);
        }

        carrier.Dispose();
        Assert.Empty(await File.ReadAllBytesAsync(Nobody, TestContext.Current.CancellationToken));
        Assert.False(File.Exists($"{Nobody}.lock"));
    }

    [Fact]
    public async Task Without_the_carrier_mails_wait_and_say_for_what()
    {
        var carrier = new CarrierBench(_spool, channels: 1);
        await using var bench = Bench(carrier);
        carrier.End();
        var (result, detail) = await DeliverAsync(bench, "Subject: a\r\n\r\nbody\r\n");
        Assert.Equal(DeliveryResult.Deferred, result);
        Assert.Equal("the process that delivers to accounts of this machine has ended: restart the server", detail);
        await bench.DisposeAsync();
        carrier.Dispose();
    }

    [Fact]
    public async Task A_mail_that_was_here_before_has_come_back_in_a_loop()
    {
        using var carrier = new CarrierBench(_spool, channels: 1);
        await using var bench = Bench(carrier);
        Assert.Equal(DeliveryResult.Failed, (await DeliverAsync(bench, "Delivered-To: nobody@mx.example\r\n\r\nbody\r\n")).Result);
        Assert.False(File.Exists(Nobody));
    }

    private static DeliveryBench Bench(CarrierBench carrier) => new(new DeliveryOptions { ServerName = "vsmtp.example", Carrier = carrier.Link });

    private static MailRecipient To(string address) => new() { Address = address, Transport = TransportKind.Mbox };

    private static async Task<(DeliveryResult Result, string Detail)> DeliverAsync(DeliveryBench bench, string message, int attempt = 1)
    {
        var job = bench.Job(bench.Contents.Add(message), To("nobody@mx.example")) with { Attempt = attempt };
        var report = Assert.Single(await bench.DeliverAsync(job));
        return (report.Result, report.Detail);
    }

    /// <returns>The first octet of the answer.</returns>
    private static byte Hear(Socket server)
    {
        var answer = new byte[4096];
        Assert.True(server.Receive(answer) > 5);
        return answer[0];
    }

    private static string[] Threads() => [.. Directory.EnumerateDirectories("/proc/self/task").Select(StatusOf)];

    private static string StatusOf(string thread)
    {
        try
        {
            return File.ReadAllText($"{thread}/status");
        }
        catch (IOException)
        {
            return "";                                         // it has ended meanwhile
        }
    }
}
