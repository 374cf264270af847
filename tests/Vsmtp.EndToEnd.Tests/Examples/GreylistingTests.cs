using Microsoft.Data.Sqlite;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Examples;

/// <summary><c>examples/greylisting</c>. Time is made to pass in its database.</summary>
public sealed class GreylistingTests(GreylistingTests.Site site) : IClassFixture<GreylistingTests.Site>
{
    private const string Client = "127.0.0.1";
    private const string SameNetwork = "127.0.0.99";
    private const string OtherNetwork = "127.0.1.1";
    private const string KnownNetwork = "127.0.7.7";
    private const int Delay = 300;
    private const int Memory = 2 * 24 * 3600;

    [Fact]
    public async Task The_first_try_is_put_off_and_a_later_one_is_accepted()
    {
        const string sender = "first@example.org";
        Assert.StartsWith("451 4.7.1 ", await RcptAsync(Client, sender));
        site.Pass(sender, Delay - 60);
        Assert.StartsWith("451 4.7.1 ", await RcptAsync(Client, sender));
        site.Pass(sender, 60);

        await site.DeliverAsync(SameNetwork, Messages.Clean("waited"), sender, "jane@example.com");

        Assert.Single(site.Maildir("jane@example.com", "waited"));
        Assert.StartsWith("250", await RcptAsync(Client, sender.ToUpperInvariant()));
    }

    [Fact]
    public async Task Another_network_sender_or_recipient_begins_anew()
    {
        const string sender = "anew@example.org";
        await RcptAsync(Client, sender);
        site.Pass(sender, Delay);

        Assert.StartsWith("451", await RcptAsync(OtherNetwork, sender));
        Assert.StartsWith("451", await RcptAsync(Client, "other-" + sender));
        Assert.StartsWith("451", await RcptAsync(Client, sender, "joe@example.com"));
        Assert.StartsWith("250", await RcptAsync(Client, sender));
    }

    [Fact]
    public async Task A_second_try_that_comes_too_late_is_a_first_one_and_who_passed_once_passes()
    {
        const string sender = "late@example.org";
        await RcptAsync(Client, sender);
        site.Pass(sender, Memory + 1);
        Assert.StartsWith("451", await RcptAsync(Client, sender));
        site.Pass(sender, Delay);
        Assert.StartsWith("250", await RcptAsync(Client, sender));

        site.Pass(sender, 10 * Memory);

        Assert.StartsWith("250", await RcptAsync(Client, sender));
    }

    [Fact]
    public async Task Bounces_wait_like_other_mails()
    {
        Assert.StartsWith("451 4.7.1 ", await RcptAsync(Client, "", "bounces@example.com"));
        site.Pass("", Delay);
        Assert.StartsWith("250", await RcptAsync(Client, "", "bounces@example.com"));
    }

    [Theory]
    [InlineData(KnownNetwork, "known@example.org")]
    [InlineData(Client, "office@school.example")]
    public async Task The_known_need_not_wait(string client, string sender)
    {
        Assert.StartsWith("250", await RcptAsync(client, sender));
        Assert.Equal(0, site.Rows(sender));
    }

    [Fact]
    public async Task Who_is_refused_anyway_leaves_no_row()
    {
        Assert.StartsWith("554 5.7.1 ", await RcptAsync(Client, "relay@example.org", "joe@elsewhere.example"));
        Assert.Equal(0, site.Rows("relay@example.org"));
    }

    [Fact]
    public async Task Several_connections_at_once_make_one_row_and_are_all_put_off_and_all_accepted()
    {
        const string sender = "many@example.org";
        var clients = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => site.ConnectAsync($"127.0.0.{i}")));
        try
        {
            await Task.WhenAll(clients.Select(client => client.AskAsync($"MAIL FROM:<{sender}>")));

            Assert.All(await RcptAsync(clients), reply => Assert.StartsWith("451 4.7.1 ", reply));
            Assert.Equal(1, site.Rows(sender));
            site.Pass(sender, Delay);
            Assert.All(await RcptAsync(clients), reply => Assert.StartsWith("250", reply));
            Assert.Equal(1, site.Rows(sender));
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }
    }

    [Fact]
    public async Task A_broken_database_puts_nobody_off()
    {
        var lists = Directory.CreateDirectory(Path.Combine(site.Folder, "broken")).FullName;
        foreach (var list in Directory.EnumerateFiles(Path.Combine(site.Folder, "lists"), "*.txt"))
            File.Copy(list, Path.Combine(lists, Path.GetFileName(list)));
        await File.WriteAllTextAsync(Path.Combine(lists, "greylist.db"), "This is no database.", TestContext.Current.CancellationToken);

        var text = await site.ExplainAsync("--from", "john@example.org", "--rcpt", "jane@example.com", "--set", "app.dirpath=broken");

        Assert.Contains("rcpt <jane@example.com>: next", text);
        Assert.Contains("In the end: it is delivered", text);
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.0/24")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8::7", "2001:db8:0:0::/64")]
    [InlineData("::7", "0:0:0:0::/64")]
    public async Task Explain_tells_the_code_and_the_row_has_the_network(string client, string network)
    {
        var sender = $"explained-{client.Replace(':', '-')}@example.org";

        var text = await site.ExplainAsync("--from", sender, "--rcpt", "jane@example.com", "--client", client);

        Assert.Contains("rcpt <jane@example.com>: info, with the reply 451 4.7.1 ", text);
        Assert.Contains("rule \"greylist\" (main.vsl:", text);
        Assert.Equal(1, site.Rows(sender, network));
    }

    [Fact]
    public Task Check_finds_nothing() => site.AssertCleanAsync();

    private static async Task<string[]> RcptAsync(RawSmtp[] clients) =>
        await Task.WhenAll(clients.Select(client => client.AskAsync("RCPT TO:<jane@example.com>")));

    /// <summary>The reply to RCPT, after which the connection stays.</summary>
    private async Task<string> RcptAsync(string client, string sender, string recipient = "jane@example.com")
    {
        using var smtp = await site.ConnectAsync(client);
        await smtp.AskAsync($"MAIL FROM:<{sender}>");
        var reply = await smtp.AskAsync($"RCPT TO:<{recipient}>");
        Assert.StartsWith("250", await smtp.AskAsync("RSET"));
        return reply;
    }

    /// <summary>Its known network is one of this machine.</summary>
    public sealed class Site() : ExampleSite("greylisting", ("192.0.2.0/24", "127.0.7.0/24"))
    {
        protected override void Prepare() => File.WriteAllText(Database, "");

        private string Database => Path.Combine(Folder, "lists", "greylist.db");

        /// <summary>What was seen of a sender is so many seconds longer ago.</summary>
        internal void Pass(string sender, int seconds)
        {
            using var connection = Open();
            using var update = Command(connection, "update seen set first = first - $seconds, last = last - $seconds where sender = $sender", sender);
            update.Parameters.AddWithValue("$seconds", seconds);
            Assert.Equal(1, update.ExecuteNonQuery());
        }

        /// <summary>How many there are of a sender; none before the first try of all, which makes the table.</summary>
        internal long Rows(string sender, string network = "%")
        {
            using var connection = Open();
            using var table = Command(connection, "select count(*) from sqlite_master where name = 'seen'", sender);
            if (table.ExecuteScalar() is 0L) return 0;
            using var count = Command(connection, "select count(*) from seen where sender = $sender and client like $network", sender);
            count.Parameters.AddWithValue("$network", network);
            return (long)count.ExecuteScalar()!;
        }

        private SqliteConnection Open()
        {
            var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Database, Pooling = false }.ToString());
            connection.Open();
            return connection;
        }

        private static SqliteCommand Command(SqliteConnection connection, string statement, string sender)
        {
            var command = connection.CreateCommand();
            command.CommandText = statement;
            command.Parameters.AddWithValue("$sender", sender);
            return command;
        }
    }
}
