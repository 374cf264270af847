using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Tests;

/// <summary>Mistakes that a site would otherwise learn of from a refused mail.</summary>
public sealed class WarningTests
{
    private const string Objects = """
        object pattern regex = "^x";
        object host ip4 = "192.0.2.1";
        object net rg4 = "192.0.2.0/24";
        object list group = [ host ];
        object reply code = "550 no";
        object john address = "john@example.com";
        object domain fqdn = "example.com";
        object text string = "plain";
        """;

    private readonly Site _site = new();

    /// <summary>A body of a rule in postq, the code, and a part of the message.</summary>
    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "if mail_from() == o::x { deny() } else { next() }", "", "" },
        { "if mail_from() == 5 { deny() } else { next() }", "VSL0505", "an object of kind address and an i64 are never equal" },
        { "if client_port() == \"25\" { deny() } else { next() }", "VSL0505", "an i64 and a string are never equal" },
        { "if client_port() not \"25\" { deny() } else { next() }", "VSL0505", "so this is always true" },
        { "if next() == \"next\" { deny() } else { next() }", "VSL0505", "a Status and a string" },
        { "if client_ip() == 1 { deny() } else { next() }", "VSL0505", "a string and an i64" },
        { "object p regex = \"^x\"; if mail_from() == p { deny() } else { next() }", "VSL0505", "an object of kind address and an object of kind regex" },
        { "object p rg4 = \"192.0.2.0/24\"; object q ip4 = \"192.0.2.1\"; if q == p { deny() } else { next() }", "VSL0505", "'in' asks" },
        { "object g group = []; if helo() == g { deny() } else { next() }", "VSL0505", "a string and an object of kind group" },
        { "if get_root_domain(helo()) == 5 { deny() } else { next() }", "VSL0505", "a string and an i64 are never equal" },
        { "if get_all_headers(\"To\") == \"a@b.c\" { deny() } else { next() }", "VSL0505", "an array and a string are never equal" },
        { "if connection_timestamp() == 0 { deny() } else { next() }", "VSL0505", "a SystemTime and an i64 are never equal" },
        { "if add_rcpt(\"a@b.c\") == true { deny() } else { next() }", "VSL0505", "() and a bool are never equal" },
        { "disable_delivery_all()", "VSL0406", "can end without a value here" },
        { "if has_header(\"X-Spam:\") { deny() } else { next() }", "VSL0507", "RFC 5322 §3.6.8" },
        { "if msg().has_header(\"X Spam\") { deny() } else { next() }", "VSL0507", "`X Spam` cannot be the name of a header" },
        { "sys::append_header(msg(), \"X\u00e9\", \"v\"); next()", "VSL0507", "cannot be the name" },
        { "rename_header(\"X\", \"\"); next()", "VSL0507", "cannot be the name" },
        { "if is_secured() { next() }", "VSL0406", "can end without a value here" },
        { "log(\"info\", \"seen\")", "VSL0406", "can end without a value here" },
        { "for r in rcpt_list() { log(\"info\", r) }", "VSL0406", "can end without a value here" },
        { "switch helo() { \"a\" => next() }", "VSL0406", "can end without a value here" },
        { "try { next() } catch { deny() }", "VSL0406", "can end without a value here" },
        { "client_ip()", "VSL0406", "with a string here" },
        { "if is_secured() { return; } next()", "VSL0406", "can end without a value here" },
        { "if client_ip() { deny() } else { next() }", "VSL0407", "this is a string" },
        { "return next(); deny()", "VSL0501", "never come to" },
        { "let a = helo(); let b = a.trim(); if b == \"x\" { deny() } else { next() }", "VSL0504", "'trim' changes its receiver" },
        { "helo().to_upper(); next()", "VSL0504", "the result of 'to_upper' is not used" },
        { "let unused = helo(); next()", "VSL0503", "'unused' is never read" },
        { "let code554_7_1 = \"550 no\"; deny(code554_7_1)", "VSL0502", "'code554_7_1' hides what the program calls so" },
        { "check_spf(); next()", "VSL0408", "`check_spf` is built later" },
        { "dny()", "VSL0402", "did you mean 'deny'?" },
        { "let x = helo(); if true { let x = 1; log(\"info\", x) } deny(x)", "VSL0502", "'x' hides another" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_told_before_a_mail_meets_it(string body, string code, string text)
    {
        var result = await _site.LoadAsync($"import \"o\" as o;\n#{{ postq: [ rule \"it\" || {{ {body} }} ] }}", ("o.vsl", "export const x = \"a@b.c\";"));

        Assert.NotNull(result.Set);
        if (code.Length == 0) Assert.Empty(result.Diagnostics);
        else Assert.Contains(text, string.Join('|', Assert.Single(result.Diagnostics, d => d.Code == code) is var found ? found.Notes.Select(n => n.Message).Prepend(found.Message) : []), StringComparison.Ordinal);
    }

    /// <summary>Bodies that are right, each near a mistake.</summary>
    [Theory]
    [InlineData("if client_ip() == o::host || client_ip() in o::net || client_ip() in o::list { deny() } else { next() }")]
    [InlineData("if mail_from() in o::pattern || mail_from() == o::john || mail_from() == \"a@b.c\" { deny() } else { next() }")]
    [InlineData("if mail_from().domain == o::domain || helo() == o::text || helo() == o::pattern { deny(o::reply) } else { next() }")]
    [InlineData("if o::host == \"192.0.2.1\" && o::net == \"192.0.2.0/24\" { deny() } else { next() }")]
    [InlineData("if client_port() == 25 || client_port() > 1024.5 { deny() } else { next() }")]
    [InlineData("if next() == deny() { deny() } else { next() }")]
    [InlineData("if is_secured() { return next(); } deny()")]
    [InlineData("switch helo() { \"a\" | \"b\" => deny(), _ => next() }")]
    [InlineData("loop { if is_secured() { break next(); } return deny(); }")]
    [InlineData("try { return deny(); } catch (e) { throw e; }")]
    [InlineData("try { append_header(\"X-Seen\", helo()); } catch (e) { log(\"warn\", e); } next()")]
    [InlineData("let name = helo(); name.trim(); name = name.to_upper(); if name == \"X\" { deny() } else { next() }")]
    [InlineData("let x = 1; if is_secured() { x = \"text\"; } if x == \"text\" { deny() } else { next() }")]
    [InlineData("let found = (); for r in rcpt_list() { if r.domain == \"x.org\" { found = r; } } if found == () { next() } else { deny() }")]
    [InlineData("if has_header(\"X-Spam\") && get_header(\"Subject\").contains(\"!\") { set_header(\"X-Spam\", \"a: b\"); } next()")]
    [InlineData("let a = rcpt_list().map(|r| r.local_part); if a.len == 1 { deny() } else { next() }")]
    [InlineData("quarantine(\"held\")")]
    [InlineData("if env(\"VSMTP_SITE\") == () || env(\"VSMTP_SITE\") == \"b\" { deny() } else { next() }")]
    [InlineData("if log(8, 2) == 3.0 || log(100) == 2.0 { deny() } else { next() }")]
    [InlineData("if get_local_parts(rcpt_list()) == [] || mail_timestamp() == connection_timestamp() { deny() } else { next() }")]
    [InlineData("if !is_authenticated() && !(client_ip() in o::net) { deny() } else { accept() }")]
    public async Task What_is_right_is_not_warned_of(string body)
    {
        var result = await _site.LoadAsync($"import \"o\" as o;\n#{{ postq: [ rule \"it\" || {{ {body} }} ] }}", ("o.vsl", Objects));

        Assert.Empty(result.Diagnostics);
    }

    [Fact]
    public async Task The_status_of_an_action_is_told_to_be_ignored()
    {
        var found = await _site.FindAsync(DiagnosticSeverity.Warning, "#{ postq: [ action \"a\" || { deny() }, action \"b\" || next(), action \"c\" || { if 1 in [2] { return next(); } log(\"info\", \"x\") } ] }");

        Assert.Equal("main.vsl:1:29: warning: the status that action \"a\" gives is ignored; a rule's counts", Assert.Single(found));
    }

    [Fact]
    public async Task A_handler_that_gives_no_status_is_told()
    {
        const string Main = """
            service scan smtp = #{ delegator: #{ address: "127.0.0.1:10026" }, receiver: "127.0.0.1:10025", proof: ["X-S"] };
            #{ postq: [ delegate scan "scan" #{ evaluate: || next(), rejected: |why| { log("warn", why.reply) }, absorbed: || deny(), failed: || if 1 == 1 { } } ] }
            """;

        var found = await _site.FindAsync(DiagnosticSeverity.Warning, Main);

        Assert.Equal(2, found.Length);
        Assert.All(found, text => Assert.Contains("delegate \"scan\" can end without a value here", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_examples_have_nothing_said_of_them()
    {
        var scripts = Directory.GetFiles(Path.Combine(Root(), "examples"), "main.vsl", SearchOption.AllDirectories);
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            // Some keep a database there: a copy of the lists, so that no test leaves one in the source.
            var lists = Directory.CreateTempSubdirectory("vsmtp-example-");
            try
            {
                var own = new DirectoryInfo(Path.Combine(Path.GetDirectoryName(script)!, "lists"));
                foreach (var file in own.Exists ? own.GetFiles() : []) file.CopyTo(Path.Combine(lists.FullName, file.Name));
                // As its README has it made; a file without octets is an empty database.
                await File.WriteAllBytesAsync(Path.Combine(lists.FullName, "greylist.db"), [], Site.Token);
                var options = _site.Options with
                {
                    AppDirectory = lists.FullName,
                    App = new Dictionary<string, object?> { ["dirpath"] = lists.FullName },
                };
                var result = await RuleSetLoader.LoadAsync(script, options, Site.Token);
                Assert.True(result.Diagnostics.IsEmpty, new DiagnosticRenderer(result.Files).Render(result.Diagnostics));
            }
            finally
            {
                lists.Delete(recursive: true);
            }
        }
    }

    [Fact]
    public void Every_code_is_explained_once_and_none_that_is_not_there()
    {
        string[] codes =
        [
            .. typeof(DiagnosticCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!),
        ];
        var text = File.ReadAllText(Path.Combine(Root(), "docs", "diagnostics.md"));
        Assert.Equal(codes.Order(), Regex.Matches(text, @"^\| (VSL\d{4}) ", RegexOptions.Multiline).Select(m => m.Groups[1].Value).Order());
        Assert.Equal(codes.Length, codes.Distinct().Count());
    }

    [Fact]
    public async Task Every_finding_has_its_code()
    {
        foreach (var main in StartUpTests.Faults.Select(row => row.Data.Item1).Concat(Mistakes.Select(row => row.Data.Item1)))
        {
            var result = await _site.LoadAsync(main, ("svc.vsl", "service scan smtp = #{ };"));
            Assert.All(result.Diagnostics, found => Assert.Matches(@"^VSL\d{4}$", found.Code));
        }
    }

    private static string Root([CallerFilePath] string file = "")
    {
        var folder = new FileInfo(file).Directory!;
        while (!File.Exists(Path.Combine(folder.FullName, "Vsmtp.slnx"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
