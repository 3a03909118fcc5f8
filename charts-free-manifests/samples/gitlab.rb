# /etc/gitlab/gitlab.rb: what a GitLab from the Linux package or in Docker needs for the first guide.
external_url 'https://gitlab.example.com'
registry_external_url 'https://registry.example.com'
# Read once, when the database is created. Anyone who knows the token can register a runner: make it random.
gitlab_rails['initial_shared_runners_registration_token'] = 'gitlabtoken'
