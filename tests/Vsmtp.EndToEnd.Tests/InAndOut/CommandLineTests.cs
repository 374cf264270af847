using System.Text.Json;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.InAndOut;

/// <summary>A site whose rules set aside what its subject says is suspect.</summary>
public sealed class SuspiciousSite() : RunningSite("""
    #{
        postq: [
            rule "suspects" || {
                if get_header("Subject") == "suspect" { quarantine("suspects") } else { next() }
            },
        ],
    }
    """);

/// <summary>What operators see and do, through the program's own commands.</summary>
public sealed class CommandLineTests : IClassFixture<SuspiciousSite>
{
    private readonly SuspiciousSite _site;

    public CommandLineTests(SuspiciousSite site)
    {
        _site = site;
        _site.Relay.Reset();
    }

    [Fact]
    public async Task Lists_name_each_mail_with_its_queue_and_reason()
    {
        _site.Relay.Answer("554 5.6.0 No");
        var id = await _site.SendAsync(Messages.Clean("to be listed"));
        await BouncesAsync(id);

        var (code, output, error) = await _site.RunAsync("queue", "list", "bounced");
        Assert.True(code == 0, error);
        Assert.Contains(id, output);
        Assert.Contains("554 5.6.0 No", output);
        Assert.Contains("<john@example.org> to jane@example.com", output);
        Assert.DoesNotContain(id, (await _site.RunAsync("queue", "list", "deferred")).Output);
    }

    [Fact]
    public async Task Json_has_the_fields_that_scripts_live_on()
    {
        _site.Relay.Answer("554 5.6.0 No");
        var id = await _site.SendAsync(Messages.Clean("for scripts"), "john@example.org", "jane@example.com", "joe@example.com");
        await BouncesAsync(id);

        var (code, output, error) = await _site.RunAsync("queue", "list", "bounced", "--json");
        Assert.True(code == 0, error);
        using var document = JsonDocument.Parse(output);
        var mail = Assert.Single(document.RootElement.EnumerateArray(), mail => mail.GetProperty("id").GetString() == id);
        Assert.Equal("bounced", mail.GetProperty("queue").GetString());
        Assert.Equal("john@example.org", mail.GetProperty("sender").GetString());
        Assert.Equal(["jane@example.com", "joe@example.com"], mail.GetProperty("recipients").EnumerateArray().Select(r => r.GetString()));
        Assert.Equal("for scripts", mail.GetProperty("subject").GetString());
        Assert.InRange(mail.GetProperty("bytes").GetInt64(), 100, 1_000);
        Assert.True(mail.GetProperty("since").TryGetDateTimeOffset(out _));
        Assert.Equal(1, mail.GetProperty("attempts").GetInt32());
        Assert.Contains("554 5.6.0 No", mail.GetProperty("reason").GetString());
    }

    /// <summary>The mail is refused for good, and so is the notification of that, before another test says otherwise.</summary>
    private async Task BouncesAsync(string id)
    {
        await _site.Server.WaitForAsync(id, "bounced");
        await Patience.UntilAsync(
            async () => (await _site.Server.Api.ListAsync("dead")).Any(mail => mail.Subject == $"notification of {id}"), "the notification is dead");
    }

    [Fact]
    public async Task Show_tells_the_history_and_gives_the_message()
    {
        var message = Messages.Clean("suspect", ".dot");
        var id = await _site.SendAsync(message);
        await _site.Server.WaitForAsync(id, "quarantine/suspects");

        var (_, history, _) = await _site.RunAsync("queue", "show", id);
        Assert.Contains("quarantine/suspects", history);
        Assert.Contains("postq \"suspects\"", history);
        Assert.Contains("main.vsl:3", history);
        using var document = JsonDocument.Parse((await _site.RunAsync("queue", "show", id, "--json")).Output);
        Assert.Contains("accepted", document.RootElement.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("what").GetString()));
        Assert.Equal(message, Messages.BelowTrace((await _site.RunAsync("queue", "show", id, "--eml")).Output));
    }

    [Fact]
    public async Task A_released_mail_goes_to_its_recipients_once()
    {
        var id = await _site.SendAsync(Messages.Clean("suspect"));
        await _site.Server.WaitForAsync(id, "quarantine/suspects");
        Assert.Contains(id, (await _site.RunAsync("quarantine", "list", "suspects")).Output);

        var (code, output, error) = await _site.RunAsync("quarantine", "release", id);
        Assert.True(code == 0, error);
        Assert.Contains(id, output);
        await _site.DeliveredAsync(id, "suspect");
        Assert.DoesNotContain(id, (await _site.RunAsync("quarantine", "list")).Output);

        var (again, _, refusal) = await _site.RunAsync("quarantine", "release", id);
        Assert.Equal(1, again);
        Assert.Contains("not in quarantine", refusal);
        Assert.Single(_site.Relay.Mails);
    }

    [Fact]
    public async Task A_deleted_mail_is_gone_but_for_its_history()
    {
        var id = await _site.SendAsync(Messages.Clean("suspect"));
        await _site.Server.WaitForAsync(id, "quarantine/suspects");

        Assert.Equal(0, (await _site.RunAsync("quarantine", "delete", id)).Code);
        await _site.Server.WaitForAsync(id, "removed");
        Assert.DoesNotContain(id, (await _site.RunAsync("queue", "list")).Output);
        Assert.Contains("by an operator", (await _site.RunAsync("queue", "show", id)).Output);
        var (code, _, error) = await _site.RunAsync("queue", "show", id, "--eml");
        Assert.Equal(1, code);
        Assert.Contains("not kept", error);
        Assert.Empty(_site.Relay.Seen);
    }

    [Fact]
    public async Task An_unknown_mail_is_told_so()
    {
        var (code, _, error) = await _site.RunAsync("queue", "show", "m-00-00000000000000000000000000");
        Assert.Equal(1, code);
        Assert.Contains("there is no mail", error);
    }

    [Fact]
    public async Task A_second_server_on_the_same_store_is_refused()
    {
        var (code, _, error) = await _site.RunAsync("serve");

        Assert.Equal(1, code);
        Assert.Contains("vsmtp.db", error);
        Assert.Contains($"locked by process {_site.Server.Id}", error);
        var id = await _site.SendAsync(Messages.Clean("undisturbed"));    // and the first one goes on, its local API too
        await _site.DeliveredAsync(id, "undisturbed");
    }

    [Fact]
    public async Task An_address_that_is_taken_is_named()
    {
        using var site = new TestSite();
        await using var other = new ScriptedServer(site.ClientPort);
        var (code, _, error) = await ServerProcess.RunAsync("serve", "-c", site.ConfigFile);

        Assert.Equal(1, code);
        Assert.Contains($"error: Failed to bind to address 127.0.0.1:{site.ClientPort}: address already in use.", error);
    }

    [Fact]
    public async Task Without_a_server_the_commands_say_where_they_looked()
    {
        using var site = new TestSite();
        var (code, _, error) = await ServerProcess.RunAsync("queue", "list", "-c", site.ConfigFile);

        Assert.Equal(1, code);
        Assert.Contains(Path.Combine(site.Folder, "spool", "vsmtp.sock"), error);
    }

    [Theory]
    [InlineData("queue", "show", "..")]
    [InlineData("queue", "show", "")]
    [InlineData("queue", "show", "../counters", "--eml")]
    [InlineData("quarantine", "delete", "..")]
    [InlineData("quarantine", "release", "a/b")]
    public async Task What_is_no_id_is_no_mail(params string[] arguments)
    {
        var (code, _, error) = await _site.RunAsync(arguments);

        Assert.Equal(1, code);
        Assert.Contains("here is no mail", error);
        Assert.DoesNotContain("Exception", error);
    }

    [Theory]
    [InlineData("quarantined")]
    [InlineData("none")]
    [InlineData("")]
    public async Task A_queue_that_does_not_exist_is_wrong_usage_and_not_an_empty_list(string queue)
    {
        var (code, _, error) = await _site.RunAsync("queue", "list", queue);

        Assert.Equal(2, code);
        Assert.Contains("working, delegated, deliver, deferred, quarantine, dead, delivered, removed, withdrawn, offered, bounced, quarantine/NAME", error);
    }

    [Fact]
    public async Task A_file_in_the_place_of_the_local_apis_socket_is_left_alone()
    {
        using var site = new TestSite();
        site.Write("precious", "not to be lost");
        var (code, _, error) = await ServerProcess.RunAsync("serve", "-c", site.ConfigFile, "--set", "server.api.socket=precious");

        Assert.Equal(1, code);
        Assert.Contains($"error: server.api.socket is {Path.Combine(site.Folder, "precious")}", error);
        Assert.Equal("not to be lost", await File.ReadAllTextAsync(Path.Combine(site.Folder, "precious"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("vsmtp")]
    [InlineData("app")]
    public async Task A_log_that_cannot_be_written_keeps_the_server_from_starting(string log)
    {
        using var site = new TestSite();
        // Today's and, in case the day ends here, tomorrow's. A folder is in the way of root, too.
        var files = Enumerable.Range(0, 2).Select(day => Path.Combine(site.Folder, "log", $"{log}{DateTime.Now.AddDays(day):yyyyMMdd}.log")).ToArray();
        foreach (var file in files) Directory.CreateDirectory(file);
        var (code, _, error) = await ServerProcess.RunAsync("serve", "-c", site.ConfigFile);

        Assert.Equal(1, code);
        Assert.Contains(files, file => error.Contains(file, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_that_is_not_of_this_machine_is_named()
    {
        using var site = new TestSite();
        var address = $"192.0.2.1:{site.ServicePort}";
        var (code, _, error) = await ServerProcess.RunAsync(
            "serve", "-c", site.ConfigFile, "--set", $"server.interfaces.addr=[\"127.0.0.1:{site.ClientPort}\", \"{address}\"]");

        Assert.Equal(1, code);
        Assert.Contains($"error: {address} cannot be listened on: ", error);
    }
}
