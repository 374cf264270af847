using System.Collections.Concurrent;
using System.Text;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Antivirus;

/// <summary>XFORWARD through the real clamsmtpd: it offers what our receiver offers, and passes on what our client tells.</summary>
public sealed class ForwardedOriginTests
{
    [Fact]
    public async Task The_client_of_a_mail_is_told_through_clamsmtpd_to_our_own_receiver()
    {
        var arrived = new ConcurrentQueue<string>();
        var between = FreePorts.Take(1)[0];
        SmtpTap? tap = null;
        try
        {
            await using var site = await AntivirusSite.StartAsync(plan =>
            {
                tap = new SmtpTap(between, plan.ReceiverPort)
                {
                    OnLine = line =>
                    {
                        var text = Encoding.Latin1.GetString(line.Span).TrimEnd();
                        if (text.StartsWith("XFORWARD", StringComparison.Ordinal)) arrived.Enqueue(text);
                        return ValueTask.FromResult(true);
                    },
                };
                return new ClamStack(plan.ServicePort, between);
            });

            foreach (var (subject, body) in ((string, string)[])[("clean", "All is well."), ("infected", Messages.Eicar), ("clean again", "Still well.")])
            {
                var id = await site.SendAsync(Messages.Clean(subject, body));
                if (subject == "infected") await site.QuarantinedAsync(id, "virus_q");
                else await site.DeliveredAsync(id, subject);

                Assert.Contains(arrived, line => line.StartsWith("XFORWARD NAME=[UNAVAILABLE] ADDR=127.0.0.1 PORT=", StringComparison.Ordinal)
                    && line.EndsWith($" PROTO=ESMTP HELO=client.example.org IDENT={id} SOURCE=REMOTE", StringComparison.Ordinal));
                Assert.DoesNotContain((await site.Server.Api.FindAsync(id))!.Events, e => e.What == "retry");
            }

            Assert.Equal(3, arrived.Count);
        }
        finally
        {
            if (tap is not null) await tap.DisposeAsync();
        }
    }
}
