using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Smtp.Tests.Server;

/// <summary>Where users bring their mails in (RFC 6409).</summary>
public sealed class SubmissionTests
{
    [Theory]
    [InlineData("MAIL FROM:<john@server>", "554 5.1.8 ")]
    [InlineData("MAIL FROM:<john@localhost>", "554 5.1.8 ")]
    [InlineData("MAIL FROM:<john@b.example>", "250 ")]
    [InlineData("MAIL FROM:<john@[192.0.2.7]>", "250 ")]
    [InlineData("MAIL FROM:<john@[IPv6:::1]>", "250 ")]
    [InlineData("MAIL FROM:<>", "250 ")]
    [InlineData("MAIL FROM:<>\r\nRCPT TO:<jane@sales>", "554 5.1.2 ")]
    [InlineData("MAIL FROM:<>\r\nRCPT TO:<Postmaster>", "250 ")]
    [InlineData("MAIL FROM:<>\r\nRCPT TO:<jane@b.example>", "250 ")]
    public async Task Domains_of_the_envelope_are_fully_qualified_there_and_need_not_be_elsewhere(string lines, string reply)
    {
        foreach (var isSubmission in new[] { true, false })
        {
            await using var harness = new SessionHarness(new RecordingPolicy(), isSubmission: isSubmission);
            await harness.SendAsync($"EHLO a\r\n{lines}\r\n");
            var last = harness.Take().Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[^1];
            Assert.StartsWith(isSubmission ? reply : "250 ", last, StringComparison.Ordinal);
        }
    }
}
