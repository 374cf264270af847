namespace Vsmtp.Cli.Privileges;

/// <summary>A thread for what nobody else is to be drawn into: it ends when that is done.</summary>
internal static class OwnThread
{
    /// <summary>Waits for it; what it throws is thrown here.</summary>
    /// <exception cref="PrivilegeException">The thread could not become whom it was to be, or do what only that one may.</exception>
    public static void Run(Action action)
    {
        Exception? fault = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception thrown)
            {
                fault = thrown;
            }
        });
        thread.Start();
        thread.Join();
        if (fault is null) return;
        throw fault as PrivilegeException
            ?? new PrivilegeException($"root's rights cannot be given up, {fault.Message}: start the server as the user that it is to be", fault);
    }
}
