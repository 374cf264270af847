using System.Security.Cryptography;
using System.Text;
using Vsmtp.EndToEnd.Tests.Secured;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Authentication;

/// <summary>The whole server, and clients that authenticate (RFC 4954), as they must where mail is submitted (RFC 6409).</summary>
public sealed class AuthenticatedMailTests
{
    private const string Everything = """
        users = "users"
        mechanisms = ["PLAIN", "LOGIN", "SCRAM-SHA-256", "CRAM-MD5", "ANONYMOUS", "XOAUTH2", "OAUTHBEARER"]
        attempt_count_max = 2
        """;

    private const string Rules = """
        #{
            authenticate: [
                rule "own" || {
                    switch auth().type {
                        "Query" => if auth().authid == "carol" { packet("carols-91b4") } else { next() },
                        "AnonymousToken" => if auth().anonymous_token == "guest" { accept() } else { deny() },
                        "BearerToken" => if auth().token == "tok.3f6d" { accept() } else { deny() },
                        _ => if auth().authid == "böb" && auth().authpass == "bübs-55e2" { accept() } else { next() },
                    }
                },
            ],
            mail: [ rule "who" || if is_authenticated() { next() } else { deny("550 5.7.1 who are you") } ],
            postq: [ action "trace" || append_header("X-Who", if auth().type == "AnonymousToken" { auth().anonymous_token } else { `${auth().authid} ${auth().mechanism}` }) ],
        }
        """;

    [Fact]
    public async Task A_verdict_at_HELO_is_no_way_past_the_rules_of_authenticate()
    {
        const string rules = """
            #{
                helo: [ rule "odd names" || if helo() == "odd.example" { quarantine("odd") } else { next() } ],
                authenticate: [ rule "locked" || if auth().authid == "alice" { deny() } else { next() } ],
            }
            """;
        await using var site = await AuthSite.StartAsync(rules, "users = \"users\"");
        using var client = await site.OpenAsync();
        Assert.StartsWith("250", await client.AskAsync("EHLO odd.example"), StringComparison.Ordinal);
        Assert.StartsWith(
            "535", await client.AskAsync($"AUTH PLAIN {Base64($"\0{AuthSite.User}\0{AuthSite.Password}")}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Swaks_authenticates_against_the_file_and_against_the_rules_and_later_stages_know()
    {
        await using var site = await AuthSite.StartAsync(Rules, Everything);
        await AuthSite.SwaksAsync(site, "1", "--auth", "PLAIN", "--auth-user", AuthSite.User, "--auth-password", AuthSite.Password);
        await AuthSite.SwaksAsync(site, "2", "--auth", "LOGIN", "--auth-user", AuthSite.User, "--auth-password", AuthSite.Password);
        await AuthSite.SwaksAsync(site, "3", "--auth", "CRAM-MD5", "--auth-user", "carol", "--auth-password", "carols-91b4");
        await AuthSite.SwaksAsync(site, "4", "--auth", "PLAIN", "--auth-user", "böb", "--auth-password", "bübs-55e2");
        Assert.Contains("550 5.7.1 who are you", await AuthSite.SwaksAsync(site, "none"), StringComparison.Ordinal);
        Assert.Contains("<~* 535 5.7.8", await AuthSite.SwaksAsync(site, "none", "--auth", "CRAM-MD5", "--auth-user", AuthSite.User, "--auth-password", AuthSite.Password), StringComparison.Ordinal);
        using (var client = await site.OpenAsync())
        {
            await client.AskAsync("EHLO a");
            Assert.StartsWith("235 2.7.0", await client.AskAsync($"AUTH XOAUTH2 {Base64("user=dave\u0001auth=Bearer tok.3f6d\u0001\u0001")}"), StringComparison.Ordinal);
            await SendAsync(client, "5");
        }

        using (var client = await site.OpenAsync())
        {
            await client.AskAsync("EHLO a");
            Assert.StartsWith("235 2.7.0", await client.AskAsync($"AUTH ANONYMOUS {Base64("guest")}"), StringComparison.Ordinal);
            await SendAsync(client, "6");
        }

        await Patience.UntilAsync(() => site.Relay.Mails.Count == 6, "six mails at the relay", () => $"{site.Relay.Mails.Count}: {site.Server.Said}");
        Assert.Equal(
            ["1 alice PLAIN", "2 alice LOGIN", "3 carol CRAM-MD5", "4 böb PLAIN", "5 dave XOAUTH2", "6 guest"],
            site.Relay.Mails.Select(mail => $"{mail.Header("Subject")} {Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(mail.Header("X-Who")!))}").Order(StringComparer.Ordinal));
        Assert.All(site.Relay.Mails, mail => Assert.Matches(@"by mx\.example\.com with ESMTPSA id ", mail.Header("Received")!));
    }

    [Fact]
    public async Task Smtplib_logs_in_and_a_client_of_another_hand_authenticates_by_SCRAM()
    {
        DaemonProcess.RequireInstalled("python3", "python3");
        await using var site = await AuthSite.StartAsync();
        site.Site.Write("send.py", $$"""
            import base64, hashlib, hmac, smtplib, ssl, sys
            terms = ssl.create_default_context(cafile="{{site.Certificates.RootFile}}")
            terms.check_hostname = False
            user, password = "{{AuthSite.User}}", "{{AuthSite.Password}}"

            def connect():
                s = smtplib.SMTP("127.0.0.1", {{site.Site.ClientPort}})
                s.ehlo()
                assert not s.has_extn("auth"), s.esmtp_features
                s.starttls(context=terms)
                s.ehlo()
                assert s.esmtp_features["auth"].split() == ["SCRAM-SHA-256", "PLAIN", "LOGIN"], s.esmtp_features
                return s

            def scram(s, user, password):
                b64 = lambda b: base64.b64encode(b).decode()
                first = f"n={user},r=clientnonce"
                code, said = s.docmd("AUTH", "SCRAM-SHA-256 " + b64(b"n,," + first.encode()))
                assert code == 334, (code, said)
                server = base64.b64decode(said).decode()
                parts = dict(p.split("=", 1) for p in server.split(","))
                salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(parts["s"]), int(parts["i"]))
                key = hmac.digest(salted, b"Client Key", "sha256")
                bare = "c=biws,r=" + parts["r"]
                agreed = f"{first},{server},{bare}".encode()
                proof = bytes(a ^ b for a, b in zip(key, hmac.digest(hashlib.sha256(key).digest(), agreed, "sha256")))
                code, said = s.docmd(b64(f"{bare},p={b64(proof)}".encode()))
                if code != 334: return code, parts
                signature = hmac.digest(hmac.digest(salted, b"Server Key", "sha256"), agreed, "sha256")
                assert base64.b64decode(said).decode() == "v=" + b64(signature)
                return s.docmd("")[0], parts

            s = connect()
            s.login(user, password)
            s.sendmail("john@example.org", ["jane@example.com"], "Subject: login\r\n\r\nx\r\n")
            s.quit()
            s = connect()
            assert scram(s, user, password)[0] == 235
            s.sendmail("john@example.org", ["jane@example.com"], "Subject: scram\r\n\r\nx\r\n")
            s.quit()
            wrong, known = scram(connect(), user, "wrong")
            nobody, unknown = scram(connect(), "nobody", password)
            assert (wrong, nobody) == (535, 535)
            assert known["i"] == unknown["i"] and len(known["s"]) == len(unknown["s"])
            assert scram(connect(), "nobody", password)[1]["s"] == unknown["s"]
            """);
        await DaemonProcess.RunAsync("python3", Path.Combine(site.Site.Folder, "send.py"));
        await Patience.UntilAsync(() => site.Relay.Mails.Count == 2, "two mails at the relay");
        Assert.Equal(["login", "scram"], site.Relay.Mails.Select(mail => mail.Header("Subject")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task By_SCRAM_a_rules_password_is_good_all_names_look_alike_and_leaving_off_behind_one_is_a_failure()
    {
        await using var site = await AuthSite.StartAsync("""
            #{
                authenticate: [
                    rule "some" || switch auth().authid { "carol" => packet("carols-91b4"), "odd" => packet("a\u0007b"), "locked" => deny(), _ => next() },
                ],
            }
            """);
        using (var client = await GreetedAsync())
        {
            Assert.Equal("334 ", await client.AskAsync("AUTH SCRAM-SHA-256"));
            Assert.StartsWith("501 5.7.0", await client.AskAsync("*"), StringComparison.Ordinal);
            Assert.Equal(0, Failures());
            await NameAsync(client, "nobody");
            Assert.StartsWith("501 5.7.0", await client.AskAsync("*"), StringComparison.Ordinal);
            Assert.Equal(1, Failures());
            await NameAsync(client, "nobody");
        }

        await Patience.UntilAsync(() => Failures() == 2, "who hung up has failed", () => site.Server.Said);
        foreach (var name in (string[])["carol", "odd", "locked", "nobody", AuthSite.User])
        {
            using var client = await GreetedAsync();
            var shown = await NameAsync(client, name);
            Assert.Matches("^r=abc[^,]+,s=[A-Za-z0-9+/]{22}==,i=20000$", shown);
            if (name == "carol")
            {
                Assert.StartsWith($"334 {Base64("v=")[..2]}", await client.AskAsync(FinalWord(name, "carols-91b4", shown)), StringComparison.Ordinal);
                Assert.StartsWith("235 2.7.0", await client.AskAsync(""), StringComparison.Ordinal);
            }
            else if (name == "odd")
            {
                Assert.StartsWith("535 5.7.8", await client.AskAsync(FinalWord(name, "a\u0007b", shown)), StringComparison.Ordinal);
            }
        }

        int Failures() => Directory.EnumerateFiles(Path.Combine(site.Site.Folder, "log"))
            .Sum(file => SharedFile.ReadAllText(file).Split("not authenticated by SCRAM-SHA-256").Length - 1);

        async Task<TlsClient> GreetedAsync()
        {
            var client = await site.OpenAsync();
            await client.AskAsync("EHLO a");
            return client;
        }

        static async Task<string> NameAsync(TlsClient client, string name)
        {
            var reply = await client.AskAsync($"AUTH SCRAM-SHA-256 {Base64($"n,,n={name},r=abc")}");
            Assert.StartsWith("334 ", reply, StringComparison.Ordinal);
            return Encoding.UTF8.GetString(Convert.FromBase64String(reply[4..]));
        }
    }

    [Fact]
    public async Task Openssl_authenticates_and_users_come_and_go_while_the_server_runs()
    {
        await using var site = await AuthSite.StartAsync(password: null);
        Task<string> AskAsync() => OpenSsl.SpeakAsync($"EHLO a\nAUTH PLAIN {Base64($"\0{AuthSite.User}\0{AuthSite.Password}")}\nQUIT\n",
            "-connect", $"127.0.0.1:{site.Site.ClientPort}", "-starttls", "smtp", "-quiet", "-ign_eof", "-crlf");
        Assert.Contains("535 5.7.8", await AskAsync(), StringComparison.Ordinal);
        await AuthSite.AddAsync(site, AuthSite.User, AuthSite.Password);
        Assert.Contains("235 2.7.0", await AskAsync(), StringComparison.Ordinal);
        Assert.Equal((0, $"{AuthSite.User}{Environment.NewLine}"), await OutputAsync("user", "list"));
        await AuthSite.AddAsync(site, AuthSite.User, "another");
        Assert.Contains("535 5.7.8", await AskAsync(), StringComparison.Ordinal);
        await AuthSite.AddAsync(site, AuthSite.User, AuthSite.Password);
        Assert.Contains("235 2.7.0", await AskAsync(), StringComparison.Ordinal);
        Assert.Equal(0, (await site.RunAsync("user", "remove", AuthSite.User)).Code);
        Assert.Contains("535 5.7.8", await AskAsync(), StringComparison.Ordinal);
        Assert.NotEqual(0, (await site.RunAsync("user", "remove", AuthSite.User)).Code);

        async Task<(int Code, string Output)> OutputAsync(params string[] arguments)
        {
            var (code, output, _) = await site.RunAsync(arguments);
            return (code, output);
        }
    }

    [Fact]
    public async Task What_was_said_in_clear_or_before_STARTTLS_is_of_no_use()
    {
        await using var site = await AuthSite.StartAsync();
        var auth = $"AUTH PLAIN {Base64($"\0{AuthSite.User}\0{AuthSite.Password}")}";
        using (var client = await ConnectAsync(site))
        {
            Assert.DoesNotContain("AUTH", await client.AskAsync("EHLO a"), StringComparison.Ordinal);
            Assert.StartsWith("538 5.7.11", await client.AskAsync(auth), StringComparison.Ordinal);
            Assert.Equal("", await client.ReadReplyAsync());
        }

        using (var client = await site.OpenAsync())
        {
            Assert.StartsWith("503", await client.AskAsync(auth), StringComparison.Ordinal);
            Assert.Contains("AUTH SCRAM-SHA-256 PLAIN LOGIN", await client.AskAsync("EHLO a"), StringComparison.Ordinal);
            Assert.StartsWith("235", await client.AskAsync(auth), StringComparison.Ordinal);
            Assert.DoesNotContain("AUTH", await client.AskAsync("EHLO a"), StringComparison.Ordinal);
            Assert.StartsWith("503", await client.AskAsync(auth), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Where_neither_rules_nor_a_file_know_anybody_nobody_is_let_in()
    {
        await using var site = await AuthSite.StartAsync(keys: "mechanisms = [\"PLAIN\", \"ANONYMOUS\", \"SCRAM-SHA-256\"]", password: null);
        foreach (var auth in (string[])[$"PLAIN {Base64("\0root\0root")}", $"ANONYMOUS {Base64("guest")}"])
        {
            using var client = await site.OpenAsync();
            await client.AskAsync("EHLO a");
            Assert.StartsWith("535 5.7.8", await client.AskAsync($"AUTH {auth}"), StringComparison.Ordinal);
        }

        using var stranger = await site.OpenAsync();
        await stranger.AskAsync("EHLO a");
        var scram = new ScramClient("root", "root");
        var challenge = await stranger.AskAsync($"AUTH SCRAM-SHA-256 {scram.First}");
        Assert.StartsWith("334", challenge, StringComparison.Ordinal);
        Assert.StartsWith("535 5.7.8", await stranger.AskAsync(scram.FinalFor(challenge)), StringComparison.Ordinal);
        Assert.Equal("", await stranger.ReadReplyAsync());
    }

    [Fact]
    public async Task Check_tells_of_what_no_client_can_pass_and_of_lines_that_are_none_of_a_user()
    {
        using var site = new TestSite(extraToml: "[server.smtp.auth]\nusers = \"users\"\nmechanisms = [\"PLAIN\", \"CRAM-MD5\"]\nenable_dangerous_mechanism_in_clair = true");
        site.Write("users", "bob:hunter2\n");
        Task<(int Code, string Output, string Error)> CheckAsync() => ServerProcess.RunAsync("check", "-c", site.ConfigFile);
        var (code, _, error) = await CheckAsync();
        Assert.NotEqual(0, code);
        Assert.Contains("error: server.smtp.auth.users: ", error, StringComparison.Ordinal);
        Assert.Contains("/users: line 1 has no SCRAM-SHA-256 verifier behind its first colon", error, StringComparison.Ordinal);
        Assert.Contains("warning: server.smtp.auth.mechanisms has CRAM-MD5, and no rule of the stage authenticate judges it", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
        site.Write("main.vsl", "#{ authenticate: [ rule \"it\" || next() ] }");
        site.Write("users", "");
        (code, _, error) = await CheckAsync();
        Assert.Equal(0, code);
        Assert.Contains("/users: it has no users yet", error, StringComparison.Ordinal);
        Assert.DoesNotContain("CRAM-MD5", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_password_is_nowhere_though_rules_do_what_they_can()
    {
        await using var site = await AuthSite.StartAsync("""
            #{
                authenticate: [
                    rule "talk" || {
                        log("info", `judging ${auth()} ${auth().authpass}`);
                        print(auth().authpass);
                        if auth().authid == "broken" { let it = ip4(auth().authpass); }
                        next()
                    },
                ],
                mail: [ rule "dump" || { dump("contexts"); try { log("info", auth().authpass); } catch(e) { log("info", e); } next() } ],
                postq: [ rule "keep" || { write("mails"); dump("contexts"); next() } ],
            }
            """);
        using (var client = await site.OpenAsync())
        {
            await client.AskAsync("EHLO a");
            Assert.StartsWith("454 4.7.0", await client.AskAsync($"AUTH PLAIN {Base64($"\0broken\0{AuthSite.Password}")}"), StringComparison.Ordinal);
        }

        using (var client = await site.OpenAsync())
        {
            await client.AskAsync("EHLO a");
            Assert.StartsWith("535", await client.AskAsync($"AUTH PLAIN {Base64($"\0{AuthSite.Password}\0{AuthSite.Password}")}"), StringComparison.Ordinal);
        }

        using (var client = await site.OpenAsync())
        {
            await client.AskAsync("EHLO a");
            Assert.StartsWith("235", await client.AskAsync($"AUTH PLAIN {Base64($"\0{AuthSite.User}\0{AuthSite.Password}")}"), StringComparison.Ordinal);
            await SendAsync(client, "kept");
            await client.AskAsync("QUIT");
        }

        await Patience.UntilAsync(() => site.Relay.Mails.Count == 1, "the mail at the relay", () => site.Server.Said);
        var log = Read("log");
        Assert.Contains("judging Verify ***", log, StringComparison.Ordinal);
        Assert.Contains("`authpass` is there in the stage `authenticate` only", log, StringComparison.Ordinal);
        Assert.Contains("\"authenticated_as\": \"alice\"", Read("app"), StringComparison.Ordinal);
        var history = site.Relay.Mails.First().Text + ServerProcess.Describe((await site.Server.Api.FindAsync(IdOf(site)))!) + site.Server.Said;
        Assert.Contains("as \"alice\" by PLAIN", history, StringComparison.Ordinal);
        string[] secrets = [AuthSite.Password, Base64(AuthSite.Password), Base64($"\0{AuthSite.User}\0{AuthSite.Password}")];
        foreach (var secret in secrets) Assert.DoesNotContain(secret, Read(".") + history, StringComparison.Ordinal);

        string Read(string folder) => string.Concat(Directory
            .EnumerateFiles(Path.Combine(site.Site.Folder, folder), "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is not (".sock" or ".lock"))
            .Select(file => SharedFile.ReadAllText(file)));
    }

    /// <summary>What a client that knows this password answers to the server's first word (RFC 5802 §3), in base64.</summary>
    private static string FinalWord(string name, string password, string serverFirst)
    {
        var parts = serverFirst.Split(',').Select(part => part[2..]).ToArray();
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, Convert.FromBase64String(parts[1]), int.Parse(parts[2]), HashAlgorithmName.SHA256, 32);
        var key = HMACSHA256.HashData(salted, "Client Key"u8);
        var bare = $"c=biws,r={parts[0]}";
        var signature = HMACSHA256.HashData(SHA256.HashData(key), Encoding.UTF8.GetBytes($"n={name},r=abc,{serverFirst},{bare}"));
        return Base64($"{bare},p={Convert.ToBase64String([.. key.Zip(signature, (a, b) => (byte)(a ^ b))])}");
    }

    private static string IdOf(RunningSite site) => site.Relay.Mails.First().Header("Received")!.Split(" id ")[1].Split([' ', ';'])[0];

    private static async Task<TlsClient> ConnectAsync(TlsSite site)
    {
        var client = await TlsClient.ConnectAsync(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, site.Site.ClientPort));
        await client.ReadReplyAsync();
        return client;
    }

    private static Task SendAsync(TlsClient client, string subject) => client.SendMailAsync($"Subject: {subject}\r\n\r\nx\r\n");

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
