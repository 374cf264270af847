using System.Runtime.Versioning;
using System.Text;
using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Local;
using Vsmtp.Delivery.Tests.Support;
using Vsmtp.Smtp.Tests.Client;

namespace Vsmtp.Delivery.Tests.Local;

[SupportedOSPlatform("linux")]
public sealed class MaildirDeliveryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public MaildirDeliveryTests()
    {
        if (!Posix.IsSupported) Assert.Skip("Maildirs need 64-bit Linux.");
        Root = _folder.Sub("mail");
        Directory.CreateDirectory(Root);
    }

    private string Root { get; }

    private DeliveryOptions Options => new() { ServerName = "vsmtp.example", MaildirRoot = Root };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_mail_is_one_file_in_new_under_its_trace()
    {
        await using var bench = new DeliveryBench(Options);
        var content = bench.Contents.Add("Return-Path: <forged@x>\r\nA: 1\r\n folded\r\nreturn-path: <x@y>\r\n\r\n.dot\r\ncaf\u00e9 without end");
        var job = bench.Job(content, DeliveryBench.Maildir("John.Doe@MX.example")) with
        {
            HeaderChanges = [new HeaderChange(HeaderChangeKind.Append, "X-New", "1")],
        };
        var report = Assert.Single(await bench.DeliverAsync(job));

        var name = MaildirName.OfFile(job.MailId, "John.Doe@MX.example", "vsmtp.example");
        var path = Path.Combine(Root, "mx.example", "john.doe", "new", name);
        Assert.Equal(new RecipientReport("John.Doe@MX.example", DeliveryResult.Delivered, $"in {path}"), report);
        Assert.Equal(
            "Return-Path: <a@client.example>\r\nDelivered-To: John.Doe@MX.example\r\nA: 1\r\n folded\r\nX-New: 1\r\n\r\n.dot\r\ncaf\u00e9 without end",
            await File.ReadAllTextAsync(path, Encoding.Latin1, TestContext.Current.CancellationToken));
        Assert.Single(_folder.Files);
        Assert.True(Directory.Exists(Path.Combine(Root, "mx.example", "john.doe", "cur")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.Combine(Root, "mx.example", "john.doe")));
    }

    [Fact]
    public async Task The_null_path_is_written_as_such()
    {
        await using var bench = new DeliveryBench(Options);
        var job = bench.Job(DeliveryBench.Maildir("b@mx.example"));
        await bench.DeliverAsync(job with { Envelope = job.Envelope with { Sender = "" } });
        var text = await File.ReadAllTextAsync(_folder.Sub(Assert.Single(_folder.Files)), TestContext.Current.CancellationToken);
        Assert.StartsWith("Return-Path: <>\r\nDelivered-To: b@mx.example\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeat_after_a_crash_leaves_one_mail()
    {
        await using var bench = new DeliveryBench(Options);
        var job = bench.Job(DeliveryBench.Maildir("b@mx.example"), DeliveryBench.Maildir("c@mx.example"));
        await bench.DeliverAsync(job);
        var first = _folder.Files;
        Assert.Equal(2, first.Count);

        // A crash between writing and moving leaves a half file in tmp.
        var half = _folder.Sub(first[0]).Replace("/new/", "/tmp/", StringComparison.Ordinal);
        await File.WriteAllTextAsync(half, "half", TestContext.Current.CancellationToken);
        var report = await bench.DeliverAsync(job with { Attempt = 2 });
        Assert.All(report, recipient => Assert.Equal(DeliveryResult.Delivered, recipient.Result));
        Assert.Equal(first, _folder.Files);
        Assert.EndsWith("body\r\n", await File.ReadAllTextAsync(_folder.Sub(first[0]), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"../../../escape\"@mx.example")]
    [InlineData("\"..\"@mx.example")]
    [InlineData("\"/tmp/escape\"@mx.example")]
    [InlineData("\"a/../../b\"@mx.example")]
    [InlineData("\".\"@mx.example")]
    [InlineData("new@mx.example")]
    [InlineData("b@[IPv6:::1]")]
    [InlineData("\u7528\u6237@\u4f8b\u5b50.example")]
    public async Task A_hostile_address_stays_below_its_domain(string address)
    {
        await using var bench = new DeliveryBench(Options);
        var report = Assert.Single(await bench.DeliverAsync(bench.Job(DeliveryBench.Maildir(address))));
        Assert.Equal(DeliveryResult.Delivered, report.Result);
        // mail / domain / user / new / file: no more folders and no fewer.
        Assert.Equal(5, Assert.Single(_folder.Files).Split('/').Length);
    }

    [Theory]
    [InlineData("no address")]
    [InlineData("@mx.example")]
    [InlineData("a@b/../c")]
    [InlineData("../x@mx.example")]
    [InlineData("a\0b@mx.example")]
    public async Task What_is_no_address_fails_for_good(string address)
    {
        await using var bench = new DeliveryBench(Options);
        var report = Assert.Single(await bench.DeliverAsync(bench.Job(DeliveryBench.Maildir(address))));
        Assert.Equal(DeliveryResult.Failed, report.Result);
        Assert.Empty(_folder.Files);
    }

    [Theory]
    [InlineData("mx.example")]
    [InlineData("mx.example", "b")]
    [InlineData("mx.example", "b", "new")]
    [InlineData("mx.example", "b", "tmp")]
    [InlineData("mx.example", "b", "cur")]
    public async Task A_link_in_the_way_is_not_followed(params string[] place)
    {
        var outside = _folder.Sub("outside");
        Directory.CreateDirectory(outside);
        var link = Path.Combine([Root, .. place]);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        Directory.CreateSymbolicLink(link, outside);

        await using var bench = new DeliveryBench(Options);
        var report = Assert.Single(await bench.DeliverAsync(bench.Job(DeliveryBench.Maildir("b@mx.example"))));
        Assert.Equal(DeliveryResult.Deferred, report.Result);
        Assert.Contains(place[^1], report.Detail, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
    }

    [Fact]
    public async Task A_link_laid_for_the_file_itself_is_replaced_and_its_target_left_alone()
    {
        await using var bench = new DeliveryBench(Options);
        var job = bench.Job(DeliveryBench.Maildir("b@mx.example"));
        var name = MaildirName.OfFile(job.MailId, "b@mx.example", "vsmtp.example");
        var victim = _folder.Sub("victim");
        await File.WriteAllTextAsync(victim, "precious", TestContext.Current.CancellationToken);
        foreach (var sub in new[] { "tmp", "new" })
        {
            var folder = Path.Combine(Root, "mx.example", "b", sub);
            Directory.CreateDirectory(folder);
            File.CreateSymbolicLink(Path.Combine(folder, name), victim);
        }

        Assert.Equal(DeliveryResult.Delivered, Assert.Single(await bench.DeliverAsync(job)).Result);
        Assert.Equal("precious", await File.ReadAllTextAsync(victim, TestContext.Current.CancellationToken));
        var delivered = new FileInfo(Path.Combine(Root, "mx.example", "b", "new", name));
        Assert.Null(delivered.LinkTarget);
        Assert.False(File.Exists(Path.Combine(Root, "mx.example", "b", "tmp", name)));
    }

    [Fact]
    public async Task The_root_itself_may_be_a_link_of_the_site()
    {
        var link = _folder.Sub("link");
        Directory.CreateSymbolicLink(link, Root);
        await using var bench = new DeliveryBench(Options with { MaildirRoot = link });
        Assert.Equal(DeliveryResult.Delivered, Assert.Single(await bench.DeliverAsync(bench.Job(DeliveryBench.Maildir("b@mx.example")))).Result);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(Root, "mx.example", "b", "new")));
    }

    [Fact]
    public async Task A_root_that_is_not_there_defers()
    {
        await using var bench = new DeliveryBench(Options with { MaildirRoot = _folder.Sub("missing") });
        var report = Assert.Single(await bench.DeliverAsync(bench.Job(DeliveryBench.Maildir("b@mx.example"))));
        Assert.Equal(DeliveryResult.Deferred, report.Result);
        Assert.Contains("No such file", report.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_content_that_breaks_off_leaves_nothing()
    {
        await using var bench = new DeliveryBench(Options);
        var bytes = Encoding.ASCII.GetBytes("A: 1\r\n\r\n" + new string('x', 150_000));
        var cut = bench.Contents.Add(200_000, () => new MemoryStream(bytes));
        var report = Assert.Single(await bench.DeliverAsync(bench.Job(cut, DeliveryBench.Maildir("b@mx.example"))));
        Assert.Equal(DeliveryResult.Deferred, report.Result);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task A_large_mail_arrives_whole()
    {
        const int Length = 20_000_000;
        await using var bench = new DeliveryBench(Options);
        var bytes = new byte[Length];
        "A: 1\r\n\r\n"u8.CopyTo(bytes);
        new Random(1).NextBytes(bytes.AsSpan(8));
        await bench.DeliverAsync(bench.Job(bench.Contents.Add(bytes), DeliveryBench.Maildir("b@mx.example")));
        var file = await File.ReadAllBytesAsync(_folder.Sub(Assert.Single(_folder.Files)), TestContext.Current.CancellationToken);
        Assert.True(file.AsSpan().EndsWith(bytes));
    }
}
