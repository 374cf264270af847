using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Vsmtp.Mail.Transfer;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Smtp.Tests.Client;

public sealed class SmtpTlsTests : IDisposable
{
    private readonly ScriptedCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    private static SmtpClientOptions Options(TlsLevel level, string? authorities = null) =>
        ClientFixture.Options with { Tls = new SmtpTls(level, authorities) };

    /// <summary>The server is known by this name, which leads to loopback.</summary>
    private static Task<SmtpClientConnection> ConnectByNameAsync(ScriptedSmtpServer server, SmtpClientOptions options) =>
        SmtpClientConnection.ConnectAsync(
            server.Destination with { Host = "localhost" }, options, TimeProvider.System, TestContext.Current.CancellationToken);

    /// <summary>Announces STARTTLS and gives it; behind it other extensions are announced.</summary>
    private static async Task SecureAsync(ScriptedPeer peer, X509Certificate2 certificate, SslProtocols versions = SslProtocols.None)
    {
        await peer.GreetAsync("STARTTLS", "SIZE 1000", "PIPELINING");
        await peer.AnswerAsync("STARTTLS", "220 go ahead\r\n");
        await peer.SecureAsync(certificate, versions);
        await peer.TakeHelloAsync("EHLO client.example", "SIZE 2000", "STARTTLS");
    }

    /// <summary>As <see cref="SecureAsync"/>, for a client that does not go through with it.</summary>
    private static async Task FailAsync(ScriptedPeer peer, X509Certificate2 certificate)
    {
        try
        {
            await SecureAsync(peer, certificate);
        }
        catch (Exception e) when (e is AuthenticationException or IOException || e.Message.Contains("(closed)", StringComparison.Ordinal))
        {
            return;
        }

        throw new InvalidOperationException("The client was content with the certificate.");
    }

    [Theory]
    [InlineData(TlsLevel.May)]
    [InlineData(TlsLevel.Encrypt)]
    [InlineData(TlsLevel.Verify)]
    public async Task Mails_go_under_tls_and_what_was_announced_in_clear_is_forgotten(TlsLevel level)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await SecureAsync(peer, _certificates.Make("localhost"));
            Assert.Equal("localhost", peer.RequestedName);
            await peer.TakeMailAsync();
            await peer.TakeMailAsync();
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        using var connection = await ConnectByNameAsync(server, Options(level, _certificates.Pem));
        Assert.True(connection.IsSecured);
        Assert.Equal((2000, false), (connection.Capabilities.MaxBytes, connection.Capabilities.Pipelining));
        foreach (var _ in Enumerable.Range(0, 2))
        {
            // What TLS itself sends behind the handshake is no word of the server's.
            Assert.True(connection.IsUsable);
            Assert.True((await connection.SendAsync(ClientFixture.Mail(), TestContext.Current.CancellationToken)).Recipients[0].IsTaken);
        }

        await connection.QuitAsync();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Both_versions_of_tls_that_are_in_use_are_spoken(SslProtocols version)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await SecureAsync(peer, _certificates.Make("localhost"), version);
            Assert.Equal(version, peer.TlsVersion);
        });
        using var connection = await ConnectByNameAsync(server, Options(TlsLevel.Verify, _certificates.Pem));
        Assert.True(connection.IsSecured);
    }

    [Fact]
    public async Task An_address_is_verified_too_and_not_asked_for_by_name()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await SecureAsync(peer, _certificates.Make("127.0.0.1"));
            Assert.Equal("", peer.RequestedName);
        });
        using var connection = await ClientFixture.ConnectAsync(server, Options(TlsLevel.Verify, _certificates.Pem));
        Assert.True(connection.IsSecured);
    }

    [Fact]
    public async Task A_certificate_that_is_its_own_authority_is_good_if_it_is_known()
    {
        var certificate = _certificates.MakeSelfSigned("localhost");
        await using var server = new ScriptedSmtpServer(peer => SecureAsync(peer, certificate));
        using var connection = await ConnectByNameAsync(server, Options(TlsLevel.Verify, certificate.ExportCertificatePem()));
        Assert.True(connection.IsSecured);
    }

    [Theory]
    [InlineData("another name")]
    [InlineData("unknown authority")]
    [InlineData("not known to the system")]
    [InlineData("expired")]
    [InlineData("no names")]
    public async Task Verify_refuses_what_does_not_prove_who_it_is(string fault)
    {
        using var others = new ScriptedCertificates();
        var certificate = fault switch
        {
            "another name" => _certificates.Make("other.example"),
            "unknown authority" => others.Make("localhost"),
            "expired" => _certificates.MakeExpired("localhost"),
            "no names" => _certificates.Make(),
            _ => _certificates.Make("localhost"),
        };
        await using var server = new ScriptedSmtpServer(peer => FailAsync(peer, certificate));
        var options = Options(TlsLevel.Verify, fault == "not known to the system" ? null : _certificates.Pem);
        var e = await Assert.ThrowsAsync<SmtpConnectException>(() => ConnectByNameAsync(server, options));
        Assert.Equal(SmtpClientPhase.StartTls, e.Phase);
        Assert.Contains("certificate", e.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Accepted);
    }

    [Theory]
    [InlineData("mx.b.example", null)]
    [InlineData("*.b.example", null)]
    [InlineData("a.c.example", null)]
    [InlineData("localhost", "its certificate is for localhost, and is to be for .c.example, mx.b.example")]
    [InlineData("c.example", "its certificate is for c.example, and is to be for .c.example, mx.b.example")]
    [InlineData("", "its certificate is for no name, and is to be for .c.example, mx.b.example")]
    [InlineData("unknown authority", "RemoteCertificateChainErrors")]
    public async Task Where_names_are_given_the_certificate_is_for_one_of_them_and_not_for_the_server(string certificate, string? why)
    {
        using var others = new ScriptedCertificates();
        using var shown = certificate switch
        {
            "" => _certificates.Make(),
            "unknown authority" => others.Make("mx.b.example"),
            _ => _certificates.Make(certificate),
        };
        await using var server = new ScriptedSmtpServer(why is null ? peer => SecureAsync(peer, shown) : peer => FailAsync(peer, shown));
        var options = ClientFixture.Options with
        {
            Tls = new SmtpTls(TlsLevel.Verify, _certificates.Pem) { Names = new CertificateNames(["mx.b.example", ".c.example"]) },
        };
        if (why is null)
        {
            using var connection = await ConnectByNameAsync(server, options);
            Assert.True(connection.IsSecured);
            return;
        }

        var e = await Assert.ThrowsAsync<SmtpConnectException>(() => ConnectByNameAsync(server, options));
        Assert.Equal(SmtpClientPhase.StartTls, e.Phase);
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "localhost", "b.example" }, null)]
    [InlineData(new[] { "b.example" }, "does not have its name among the alternative names")]
    [InlineData(new[] { "localhost" }, "is to be for b.example")]
    public async Task Names_and_the_server_s_own_can_be_asked_for_together(string[] certificate, string? why)
    {
        using var shown = _certificates.Make(certificate);
        await using var server = new ScriptedSmtpServer(why is null ? peer => SecureAsync(peer, shown) : peer => FailAsync(peer, shown));
        var options = ClientFixture.Options with
        {
            Tls = new SmtpTls(TlsLevel.Verify, _certificates.Pem) { Names = new CertificateNames(["b.example"]), NeedsAlternativeName = true },
        };
        var fault = await Record.ExceptionAsync(async () => (await ConnectByNameAsync(server, options)).Dispose());
        if (why is null) Assert.Null(fault);
        else Assert.Contains(why, Assert.IsType<SmtpConnectException>(fault).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TlsLevel.May)]
    [InlineData(TlsLevel.Encrypt)]
    public async Task Below_verify_any_certificate_will_do(TlsLevel level)
    {
        await using var server = new ScriptedSmtpServer(peer => SecureAsync(peer, _certificates.MakeSelfSigned("other.example")));
        using var connection = await ConnectByNameAsync(server, Options(level));
        Assert.True(connection.IsSecured);
    }

    [Fact]
    public async Task None_does_not_ask_for_what_is_announced()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("STARTTLS");
            await peer.ExpectCloseAsync();
        });
        using var connection = await ClientFixture.ConnectAsync(server, Options(TlsLevel.None));
        Assert.False(connection.IsSecured);
    }

    [Theory]
    [InlineData(TlsLevel.Encrypt)]
    [InlineData(TlsLevel.Verify)]
    public async Task Who_does_not_announce_it_gets_nothing_in_clear(TlsLevel level)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("SIZE");
            await peer.ExpectCloseAsync();
        });
        var e = await Assert.ThrowsAsync<SmtpConnectException>(() => ClientFixture.ConnectAsync(server, Options(level)));
        Assert.Equal(SmtpClientPhase.StartTls, e.Phase);
        Assert.Contains("does not announce STARTTLS", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TlsLevel.Encrypt)]
    [InlineData(TlsLevel.Verify)]
    public async Task Who_knows_no_ehlo_gets_nothing_in_clear(TlsLevel level)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.SendAsync("220 old\r\n");
            await peer.AnswerAsync("EHLO", "500 what?\r\n");
            await peer.AnswerAsync("HELO", "250 hello\r\n");
            await peer.ExpectCloseAsync();
        });
        var e = await Assert.ThrowsAsync<SmtpConnectException>(() => ClientFixture.ConnectAsync(server, Options(level)));
        Assert.Equal(SmtpClientPhase.StartTls, e.Phase);
    }

    [Theory]
    [InlineData(TlsLevel.Encrypt)]
    [InlineData(TlsLevel.Verify)]
    public async Task Who_refuses_it_gets_nothing_in_clear(TlsLevel level)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("STARTTLS");
            await peer.AnswerAsync("STARTTLS", "454 4.7.0 TLS not available\r\n");
            await peer.ExpectCloseAsync();
        });
        var e = await Assert.ThrowsAsync<SmtpConnectException>(() => ClientFixture.ConnectAsync(server, Options(level)));
        Assert.Equal((SmtpClientPhase.StartTls, 454), (e.Phase, e.Reply?.Code));
        Assert.Equal("STARTTLS was refused with 454 4.7.0 TLS not available", e.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("STARTTLS")]
    public async Task May_goes_on_in_clear_where_there_is_no_tls(string announced)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(announced);
            if (announced.Length > 0) await peer.AnswerAsync("STARTTLS", "454 4.7.0 TLS not available\r\n");
            await peer.TakeMailAsync();
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        Assert.True((await ClientFixture.SendOnceAsync(server, ClientFixture.Mail(), Options(TlsLevel.May))).Recipients[0].IsTaken);
    }

    [Theory]
    [InlineData("521 no TLS today\r\n")]
    [InlineData(null)]
    public async Task May_comes_again_in_clear_where_tls_does_not_work(string? insteadOfTls)
    {
        await using var server = new ScriptedSmtpServer(
            async peer =>
            {
                await peer.GreetAsync("STARTTLS");
                await peer.AnswerAsync("STARTTLS", "220 go ahead\r\n");
                await peer.DrainAsync(1);                      // the client's first octets: its handshake
                if (insteadOfTls is not null) await peer.SendAsync(insteadOfTls);
            },
            async peer =>
            {
                await peer.GreetAsync("STARTTLS");
                await peer.TakeMailAsync();
                await peer.AnswerAsync("QUIT", "221 bye\r\n");
            });
        Assert.True((await ClientFixture.SendOnceAsync(server, ClientFixture.Mail(), Options(TlsLevel.May))).Recipients[0].IsTaken);
    }

    [Fact]
    public async Task May_comes_again_in_clear_where_STARTTLS_ends_the_session()
    {
        await using var server = new ScriptedSmtpServer(
            async peer =>
            {
                await peer.GreetAsync("STARTTLS");
                await peer.AnswerAsync("STARTTLS", "421 4.7.0 TLS is out of order\r\n");
            },
            async peer =>
            {
                await peer.GreetAsync("STARTTLS");
                await peer.TakeMailAsync();
                await peer.AnswerAsync("QUIT", "221 bye\r\n");
            });
        Assert.True((await ClientFixture.SendOnceAsync(server, ClientFixture.Mail(), Options(TlsLevel.May))).Recipients[0].IsTaken);
    }

    [Theory]
    [InlineData(TlsLevel.Encrypt, "521 no TLS today\r\n")]
    [InlineData(TlsLevel.Verify, null)]
    public async Task A_handshake_that_fails_is_no_session(TlsLevel level, string? insteadOfTls)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("STARTTLS");
            await peer.AnswerAsync("STARTTLS", "220 go ahead\r\n");
            await peer.DrainAsync(1);
            if (insteadOfTls is not null) await peer.SendAsync(insteadOfTls);
        });
        var e = await Assert.ThrowsAsync<SmtpConnectException>(() => ClientFixture.ConnectAsync(server, Options(level)));
        Assert.Equal(SmtpClientPhase.StartTls, e.Phase);
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task A_handshake_that_does_not_end_is_given_up()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("STARTTLS");
            await peer.AnswerAsync("STARTTLS", "220 go ahead\r\n");
            while (await peer.DrainAsync(1) > 0)
            {
                // It hears the client out and says nothing.
            }
        });
        var options = Options(TlsLevel.Encrypt) with { Timeouts = SmtpClientTimeouts.All(TimeSpan.FromSeconds(1)) };
        var e = await Assert.ThrowsAsync<SmtpConnectException>(() => ClientFixture.ConnectAsync(server, options));
        Assert.Equal(SmtpBreak.TimedOut, Assert.IsType<SmtpConversationException>(e.InnerException).Reason);
    }

    /// <summary>Replies put in front of the handshake would be taken for the server's own, under TLS: no session, at any level.</summary>
    [Theory]
    [InlineData(TlsLevel.May)]
    [InlineData(TlsLevel.Encrypt)]
    [InlineData(TlsLevel.Verify)]
    public async Task Octets_behind_the_reply_to_starttls_are_refused(TlsLevel level)
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("STARTTLS");
            await peer.AnswerAsync("STARTTLS", "220 go ahead\r\n250-mx.example\r\n250 SIZE 7\r\n");
            await peer.ExpectCloseAsync();
        });
        var e = await Assert.ThrowsAsync<SmtpConnectException>(() => ClientFixture.ConnectAsync(server, Options(level)));
        Assert.Equal(SmtpClientPhase.StartTls, e.Phase);
        Assert.Equal(SmtpBreak.Protocol, Assert.IsType<SmtpConversationException>(e.InnerException).Reason);
        Assert.Contains("in clear", e.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task A_kept_connection_under_tls_is_used_again()
    {
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await SecureAsync(peer, _certificates.Make("127.0.0.1"));
            foreach (var _ in Enumerable.Range(0, 3)) await peer.TakeMailAsync();
            await peer.AnswerAsync("QUIT", "221 bye\r\n");
        });
        await using var pool = new SmtpConnectionPool(server.Destination, Options(TlsLevel.Verify, _certificates.Pem), TimeProvider.System);
        foreach (var _ in Enumerable.Range(0, 3))
        {
            Assert.True((await pool.SendAsync(ClientFixture.Mail(), TestContext.Current.CancellationToken)).Recipients[0].IsTaken);
        }

        Assert.Equal(1, server.Accepted);
    }
}
