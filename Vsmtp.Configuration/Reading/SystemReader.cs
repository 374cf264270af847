using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Reading;

/// <summary>Reads <c>[server.system]</c>.</summary>
internal static class SystemReader
{
    public static SystemOptions Read(TableReader system)
    {
        var defaults = new SystemOptions();
        system.Idle("thread_pool");
        var options = new SystemOptions
        {
            User = ReadName(system, "user", defaults.User, Accounts.HasUser),
            Group = ReadName(system, "group", defaults.Group, Accounts.HasGroup),
            GroupLocal = system.Text("group_local", defaults.GroupLocal),
            ThreadPool = ReadThreadPool(system.Table("thread_pool")),
        };
        if (options.GroupLocal is { } group && !Accounts.HasGroup(group))
        {
            system.Error("group_local", $"names a group that this machine does not have: \"{group}\"");
        }

        system.Close();
        return options;
    }

    private static string ReadName(TableReader system, string key, string byDefault, Func<string, bool> exists)
    {
        var name = system.Text(key, byDefault);
        if (exists(name))
        {
            return name;
        }

        // Also when it is written out: `config show` writes it, and what it wrote is as good as what it read.
        var isDefault = name == byDefault;
        if (isDefault && system.Find(key) is null)
        {
            system.Context.Warning(system.Context.WholeFile, $"this machine does not have the {key} \"{name}\", the default of {system.NameOf(key)}");
        }
        else if (isDefault)
        {
            system.Warning(key, $"names a {key} that this machine does not have: \"{name}\"");
        }
        else
        {
            system.Error(key, $"names a {key} that this machine does not have: \"{name}\"");
        }

        return name;
    }

    private static ThreadPoolOptions ReadThreadPool(TableReader pool)
    {
        var defaults = new ThreadPoolOptions();
        pool.Require("the table is complete or absent", "receiver", "processing", "delivery");
        var options = new ThreadPoolOptions
        {
            Receiver = pool.Integer("receiver", defaults.Receiver),
            Processing = pool.Integer("processing", defaults.Processing),
            Delivery = pool.Integer("delivery", defaults.Delivery),
        };
        pool.Close();
        return options;
    }
}
