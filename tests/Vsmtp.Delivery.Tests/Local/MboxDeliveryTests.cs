using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Local;
using Vsmtp.Delivery.Tests.Support;

namespace Vsmtp.Delivery.Tests.Local;

/// <summary>Mails appended to an mbox, as other programs read it, and what is in the way there.</summary>
[SupportedOSPlatform("linux")]
public sealed class MboxDeliveryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public MboxDeliveryTests()
    {
        if (!Posix.IsSupported) Assert.Skip("Mboxes need 64-bit Linux.");
        Directory.CreateDirectory(_folder.Sub("mail"));
    }

    private DeliveryOptions Options => new()
    {
        ServerName = "vsmtp.example", MaildirRoot = _folder.Sub("mail"), MboxPatience = TimeSpan.FromMilliseconds(300),
    };

    private string Bob => _folder.Sub("mail/mx.example/bob/mbox");

    public void Dispose() => _folder.Dispose();

    private static MailRecipient To(string address) => new() { Address = address, Transport = TransportKind.Mbox };

    private static async Task<RecipientReport> DeliverAsync(DeliveryBench bench, string message, int attempt = 1, string to = "bob@mx.example") =>
        Assert.Single(await bench.DeliverAsync(bench.Job(bench.Contents.Add(message), To(to)) with { Attempt = attempt }));

    [Fact]
    public async Task A_mail_is_appended_with_the_line_that_parts_it_from_the_one_before()
    {
        await using var bench = new DeliveryBench(Options);
        Assert.Equal(
            (DeliveryResult.Delivered, $"in {Bob}"),
            await DeliverAsync(bench, "Subject: a\r\n\r\nFrom here\r\n>From there\r\nfrom\r\nlast") is var one ? (one.Result, one.Detail) : default);
        await DeliverAsync(bench, "Subject: b\r\n\r\nbody\r\n", attempt: 2);
        var text = await File.ReadAllTextAsync(Bob, TestContext.Current.CancellationToken);
        Assert.Matches(
            "^From a@client.example (Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ 1-3][0-9] [0-9:]{8} 20[0-9]{2}\nReturn-Path: <a@client.example>\n"
            + "Delivered-To: bob@mx.example\nSubject: a\n\n>From here\n>>From there\nfrom\nlast\n\nFrom a@client.example [^\n]*\nReturn-Path: [^\n]*\n"
            + "Delivered-To: bob@mx.example\nSubject: b\n\nbody\n\n$",
            text);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Bob));
        Assert.False(File.Exists(Bob + ".lock"));
    }

    [Fact]
    public async Task Another_program_reads_the_mails_that_are_in_it()
    {
        await using var bench = new DeliveryBench(Options);
        for (var i = 1; i <= 3; i++) await DeliverAsync(bench, $"Subject: number {i}\r\n\r\nFrom {i}\r\n\r\nFrom {i} on\r\n", attempt: i);
        var python = Process.Start(new ProcessStartInfo("python3")
        {
            ArgumentList = { "-c", "import mailbox,sys\nfor m in mailbox.mbox(sys.argv[1]): print(m['subject'], m['return-path'], len(m.get_payload()))", Bob },
            RedirectStandardOutput = true,
        })!;
        Assert.Equal(
            "number 1 <a@client.example> 20\nnumber 2 <a@client.example> 20\nnumber 3 <a@client.example> 20\n",
            await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Mails_that_come_at_once_are_all_there_and_whole()
    {
        await using var bench = new DeliveryBench(Options with { MboxPatience = TimeSpan.FromSeconds(30) });
        var body = string.Concat(Enumerable.Repeat(new string('x', 70) + "\r\n", 3000));
        for (var i = 1; i <= 8; i++) Assert.True(bench.Worker.Offer(bench.Job(bench.Contents.Add($"Subject: {i}\r\n\r\n{body}"), To("bob@mx.example")) with { Attempt = i }));
        for (var i = 1; i <= 8; i++)
        {
            var report = Assert.Single((await bench.Grains.NextAsync<DeliveryReport>()).Report.Recipients);
            Assert.True(report.Result is DeliveryResult.Delivered, report.Detail);
        }

        var text = await File.ReadAllTextAsync(Bob, TestContext.Current.CancellationToken);
        var mails = text.Split("From a@client.example ")[1..];
        Assert.Equal(8, mails.Length);
        Assert.All(mails, mail => Assert.Equal(body.Replace("\r\n", "\n", StringComparison.Ordinal) + "\n", mail[(mail.IndexOf("\n\n", StringComparison.Ordinal) + 2)..]));
    }

    [Fact]
    public async Task What_a_crash_left_half_written_is_closed_before_the_next_mail()
    {
        await using var bench = new DeliveryBench(Options);
        await DeliverAsync(bench, "Subject: a\r\n\r\nbody\r\n");
        var whole = await File.ReadAllTextAsync(Bob, TestContext.Current.CancellationToken);
        foreach (var rest in new[] { "From x\nSubject: ha", "From x\nSubject: half\n", "From x\nSubject: half\n\n" })
        {
            await File.WriteAllTextAsync(Bob, whole + rest, TestContext.Current.CancellationToken);
            await DeliverAsync(bench, "Subject: b\r\n\r\nbody\r\n", attempt: 2);
            var text = await File.ReadAllTextAsync(Bob, TestContext.Current.CancellationToken);
            Assert.Contains($"{rest.TrimEnd('\n')}\n\nFrom a@client.example ", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_lock_of_another_program_is_waited_for_and_one_that_was_left_behind_is_taken_away()
    {
        await using var bench = new DeliveryBench(Options);
        await DeliverAsync(bench, "Subject: a\r\n\r\nbody\r\n");
        await File.WriteAllTextAsync(Bob + ".lock", $"{Environment.ProcessId}\n", TestContext.Current.CancellationToken);
        var held = await DeliverAsync(bench, "Subject: b\r\n\r\nbody\r\n", attempt: 2);
        Assert.Equal((DeliveryResult.Deferred, "4.2.0"), (held.Result, held.Failure!.Status));
        Assert.Contains("locked by another program", held.Detail, StringComparison.Ordinal);
        Assert.True(File.Exists(Bob + ".lock"));

        await File.WriteAllTextAsync(Bob + ".lock", "999999999\n", TestContext.Current.CancellationToken);
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(bench, "Subject: c\r\n\r\nbody\r\n", attempt: 3)).Result);
        Assert.False(File.Exists(Bob + ".lock"));

        // Python's lockf is fcntl(2).
        var holder = Process.Start(new ProcessStartInfo("python3")
        {
            ArgumentList = { "-c", "import fcntl,sys\nf=open(sys.argv[1],'r+')\nfcntl.lockf(f,fcntl.LOCK_EX)\nprint('held',flush=True)\nsys.stdin.read()", Bob },
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Equal(DeliveryResult.Deferred, (await DeliverAsync(bench, "Subject: d\r\n\r\nbody\r\n", attempt: 4)).Result);
        holder.StandardInput.Close();
        await holder.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(bench, "Subject: d\r\n\r\nbody\r\n", attempt: 5)).Result);
        Assert.Equal(3, (await File.ReadAllTextAsync(Bob, TestContext.Current.CancellationToken)).Split("\nSubject: ").Length - 1);
    }

    [Fact]
    public async Task Nothing_is_written_through_a_link_or_into_a_file_with_another_name()
    {
        await using var bench = new DeliveryBench(Options);
        await DeliverAsync(bench, "Subject: a\r\n\r\nbody\r\n");
        var other = _folder.Sub("other");
        File.Move(Bob, other);
        File.CreateSymbolicLink(Bob, other);
        Assert.Equal(DeliveryResult.Deferred, (await DeliverAsync(bench, "Subject: b\r\n\r\nbody\r\n", attempt: 2)).Result);
        File.Delete(Bob);
        using (var link = Process.Start("ln", [other, Bob])) await link.WaitForExitAsync(TestContext.Current.CancellationToken);
        var report = await DeliverAsync(bench, "Subject: c\r\n\r\nbody\r\n", attempt: 3);
        Assert.Equal(DeliveryResult.Deferred, report.Result);
        Assert.Contains("other names", report.Detail, StringComparison.Ordinal);
        Assert.Single((await File.ReadAllTextAsync(other, TestContext.Current.CancellationToken)).Split("\nSubject: ")[1..]);
    }

    [Fact]
    public async Task A_mail_that_was_here_before_has_come_back_in_a_loop()
    {
        await using var bench = new DeliveryBench(Options);
        foreach (var (transport, attempt) in new[] { (TransportKind.Mbox, 1), (TransportKind.Maildir, 2) })
        {
            var job = bench.Job(bench.Contents.Add("Delivered-To: Bob@mx.example\r\nSubject: a\r\n\r\nbody\r\n"), To("bob@mx.example") with { Transport = transport });
            var report = Assert.Single(await bench.DeliverAsync(job with { Attempt = attempt }));
            Assert.Equal((DeliveryResult.Failed, "5.4.6"), (report.Result, report.Failure!.Status));
        }

        Assert.Equal(DeliveryResult.Delivered, (await DeliverAsync(bench, "Delivered-To: eve@mx.example\r\n\r\nbody\r\n", attempt: 3)).Result);
    }

    [Fact]
    public async Task The_mbox_of_an_account_belongs_to_it_and_lies_in_the_machines_folder()
    {
        if (Posix.EffectiveUser() != 0) Assert.Skip("Only root may write as another user.");
        var nobody = SystemAccount.Find("nobody");
        Assert.SkipWhen(nobody is null, "This machine has no account nobody.");
        var spool = _folder.Sub("spool");
        Directory.CreateDirectory(spool);
        using (var chgrp = Process.Start("chgrp", ["mail", spool])) await chgrp.WaitForExitAsync(TestContext.Current.CancellationToken);
        File.SetUnixFileMode(spool, (UnixFileMode)0b111_111_101);
        await using var bench = new DeliveryBench(Options with { MaildirRoot = null, MboxRoot = spool });
        var report = await DeliverAsync(bench, "Subject: a\r\n\r\nbody\r\n", to: "nobody@mx.example");
        Assert.Equal((DeliveryResult.Delivered, $"in {spool}/nobody"), (report.Result, report.Detail));
        using (var handle = Posix.Open(Path.Combine(spool, "nobody"), 0)) Assert.Equal(nobody!.User, Posix.FactsOf(handle).User);

        File.WriteAllText(Path.Combine(spool, "daemon"), "");
        var foreign = await DeliverAsync(bench, "Subject: a\r\n\r\nbody\r\n", attempt: 2, to: "daemon@mx.example");
        Assert.Equal(DeliveryResult.Deferred, foreign.Result);
    }

    [Fact]
    public void A_long_line_is_looked_at_only_where_it_begins()
    {
        foreach (var size in new[] { 1, 7, 4096, 100_000 })
        {
            var text = "From " + new string('y', 9000) + "\r\n" + new string('z', 4095) + "\r\nx From \r\n>>>From \r\n\r\r\nend";
            using var target = new MemoryStream();
            var writer = new MboxWriter(target);
            foreach (var piece in Encoding.ASCII.GetBytes(text).Chunk(size)) writer.Write(piece);
            writer.Complete();
            Assert.Equal(
                ">From " + new string('y', 9000) + "\n" + new string('z', 4095) + "\nx From \n>>>>From \n\r\nend\n\n", Encoding.ASCII.GetString(target.ToArray()));
        }
    }
}
