using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using Vsmtp.Cli.Serving;
using Vsmtp.Mail.Addresses;
using Vsmtp.Rules;

namespace Vsmtp.Cli.Explaining;

/// <summary><c>vsmtp explain</c>: takes one mail through the rules, sends nothing, and says what decided and why.</summary>
internal static class ExplainCommand
{
    private static readonly IPEndPoint UsualServer = new(IPAddress.Loopback, 25);

    public static Command Create()
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var json = CommonOptions.Json();
        var eml = new Option<FileInfo>("--eml") { Description = "The message: headers, an empty line, body.", HelpName = "FILE", Required = true };
        var from = new Option<string>("--from") { Description = "The sender of the envelope; \"\" or <> for none.", HelpName = "ADDRESS", Required = true };
        var rcpt = new Option<string[]>("--rcpt") { Description = "A recipient; may be given again.", HelpName = "ADDRESS", Required = true };
        var client = new Option<string>("--client") { Description = "Where the client comes from.", HelpName = "IP", DefaultValueFactory = _ => "127.0.0.1" };
        var helo = new Option<string>("--helo") { Description = "What the client calls itself.", HelpName = "NAME", DefaultValueFactory = _ => "client.example.com" };
        var tls = new Option<bool>("--tls") { Description = "The client comes under TLS." };
        var user = new Option<string?>("--user") { Description = "The client has authenticated as this; rules of authenticate are not asked.", HelpName = "NAME" };
        var returned = new Option<FileInfo[]>("--returned")
        {
            Description = "What the service brings back of the first delegation; given again, of the next.", HelpName = "FILE", DefaultValueFactory = _ => [],
        };
        var command = new Command("explain", "Takes one mail through the rules, sends nothing, and says what each stage does and why.")
        {
            config, set, eml, from, rcpt, client, helo, tls, user, returned, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                var mail = new MailToExplain
                {
                    Client = AddressOf(parsed.GetRequiredValue(client)),
                    Helo = parsed.GetRequiredValue(helo),
                    IsSecured = parsed.GetValue(tls),
                    User = parsed.GetValue(user),
                    Sender = SenderOf(parsed.GetRequiredValue(from)),
                    Recipients = [.. parsed.GetRequiredValue(rcpt).Select(RecipientOf)],
                    Message = await ReadAsync(parsed.GetRequiredValue(eml), cancellationToken),
                    Returned = [.. await Task.WhenAll(parsed.GetRequiredValue(returned).Select(file => ReadAsync(file, cancellationToken)))],
                };
                var site = await Site.LoadAsync(
                    ServerRole.All, parsed.GetValue(config), CommonOptions.Pairs(parsed.GetRequiredValue(set)), loadLog: null, cancellationToken);
                return await RunAsync(site, mail, parsed.GetValue(json), cancellationToken);
            }
            catch (FormatException fault)
            {
                await Console.Error.WriteLineAsync($"error: {fault.Message}");
                return ExitCode.WrongUsage;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"error: {fault.Message}");
                return ExitCode.Failed;
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(Site site, MailToExplain mail, bool isJson, CancellationToken cancellationToken)
    {
        foreach (var finding in site.Findings.Where(finding => finding.IsError)) await Console.Error.WriteLineAsync(finding.Text);
        if (!site.CanServe) return ExitCode.Failed;
        var configuration = site.Configuration!;
        var rules = site.Rules!;
        if (configuration.App.Vsl.FilePath is { } script)
        {
            // Once more, so that its conditions tell what they see.
            var observed = await RuleSetLoader.LoadAsync(script, site.RuleOptions! with { IsObserved = true }, cancellationToken);
            rules = observed.Set ?? rules;
        }

        var server = configuration.Server.Interfaces.Addr is [var first, ..] ? first : UsualServer;
        var explainer = new MailExplainer(rules, configuration.Server.Domain, server, mail, new ErrorLog());
        var explanation = await explainer.ExplainAsync(cancellationToken);
        if (isJson) ExplanationJson.Write(Console.Out, explanation);
        else ExplanationPrinter.Print(Console.Out, explanation);
        return ExitCode.Done;
    }

    private static IPAddress AddressOf(string text) =>
        IPAddress.TryParse(text, out var address) ? address : throw new FormatException($"--client '{text}' is no IP address");

    private static ReversePath SenderOf(string text) => text is "" or "<>" ? ReversePath.Null : new ReversePath(MailboxOf("--from", text));

    private static MailAddress RecipientOf(string text) => MailboxOf("--rcpt", text);

    private static MailAddress MailboxOf(string option, string text) =>
        MailAddress.TryParse(text, out var address) ? address : throw new FormatException($"{option} '{text}' is no mail address");

    private static async Task<byte[]> ReadAsync(FileInfo file, CancellationToken cancellationToken) =>
        MailToExplain.ReadMessage(await File.ReadAllBytesAsync(file.FullName, cancellationToken));

    /// <summary>What the rules log and print stays apart from the explanation.</summary>
    private sealed class ErrorLog : IRuleLog
    {
        public void Write(RuleLogLevel level, string text) => Console.Error.WriteLine($"{level.ToString().ToLowerInvariant()}: {text}");
    }
}
