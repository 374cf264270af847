using System.Net.Sockets;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Balancing;

/// <summary>The real nginx as an SMTP proxy, with the configuration that docs/operations.md gives but for its addresses. It asks itself who may log in.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    public const string Password = "wonderland-7ac1";

    private const string MailModule = "/usr/lib/nginx/modules/ngx_mail_module.so";

    private readonly string _folder;
    private readonly DaemonProcess _process;

    private Nginx(string folder)
    {
        _folder = folder;
        _process = DaemonProcess.Start("nginx", "-p", folder, "-c", Path.Combine(folder, "nginx.conf"), "-e", "stderr");
    }

    /// <summary>Where clients come.</summary>
    public int Port { get; private init; }

    public string Said => _process.Said;

    public static void RequireInstalled()
    {
        const string packages = "nginx-light libnginx-mod-mail";
        DaemonProcess.RequireInstalled("nginx", packages);
        DaemonProcess.RequireInstalled(MailModule, packages);
    }

    public static async Task<Nginx> StartAsync(int serverPort)
    {
        RequireInstalled();
        var folder = Directory.CreateTempSubdirectory("vsmtp-e2e-nginx-").FullName;
        var ports = FreePorts.Take(2);
        var configuration = await ReadDocumentedAsync();
        foreach (var (there, here) in new[] { ("203.0.113.25:587", $"127.0.0.1:{ports[0]}"), ("127.0.0.1:9000", $"127.0.0.1:{ports[1]}") })
        {
            Assert.Contains(there, configuration);
            configuration = configuration.Replace(there, here, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), $$"""
            load_module {{MailModule}};
            daemon off;
            master_process off;
            pid nginx.pid;
            events { }
            http {
                access_log off;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                map $http_auth_pass $verdict { default "Invalid login or password"; "{{Password}}" OK; }
                server {
                    listen 127.0.0.1:{{ports[1]}};
                    location /auth {
                        add_header Auth-Status $verdict;
                        add_header Auth-Server 127.0.0.1;
                        add_header Auth-Port {{serverPort}};
                        return 204;
                    }
                }
            }
            {{configuration}}
            """);
        var nginx = new Nginx(folder) { Port = ports[0] };
        await Patience.UntilAsync(nginx.GreetsAsync, "nginx greets", () => nginx.Said);
        return nginx;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> GreetsAsync()
    {
        Assert.False(_process.HasExited, Said);
        try
        {
            var (client, greeting) = await RawSmtp.ConnectAsync(Port);
            using (client) return greeting.StartsWith("220", StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<string> ReadDocumentedAsync()
    {
        var manual = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docs", "operations.md"));
        return manual.Split("```nginx\n")[1].Split("```")[0];
    }
}
